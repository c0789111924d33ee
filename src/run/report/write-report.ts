import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { diskError, replaceFile } from '../write.ts';
import { htmlOf } from './html.ts';
import { markdownOf } from './markdown.ts';
import { reportOf } from './report.ts';

export interface WrittenReport {
  html: string;
  markdown: string;
}

/** Writes report.html and report.md, each whole or not at all. @throws StarsseError file-missing, file-invalid, disk */
export async function writeReport(folder: string, out: string): Promise<WrittenReport> {
  const document = await reportOf(folder);
  const written = { html: path.join(out, 'report.html'), markdown: path.join(out, 'report.md') };
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, out);
  });
  await replaceFile(written.html, [htmlOf(document)]);
  await replaceFile(written.markdown, [markdownOf(document)]);
  return written;
}
