/** `starsse preview <plan>`: a picture of a batch as training sees it. */
import path from 'node:path';
import { Option, type Command } from 'commander';
import { columns } from './columns.ts';
import { count, jsonOption, memberName, nodeOption, type JsonOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends JsonOptions {
  out?: string;
  epoch: number;
  member: string;
  images: number;
  node?: string;
}

export function addPreview(program: Command, end: (code: number) => void): void {
  program
    .command('preview <plan>')
    .description('draw the first batch of an epoch as training sees it, each image beside its original')
    .option('--out <file>', "a PNG file (default: <the plan's name>-preview.png in the current folder)")
    .addOption(new Option('--epoch <n>', 'which epoch, from 1').argParser(count).default(1))
    .addOption(new Option('--member <member>', 'as which member sees it, by name or number').argParser(memberName).default('member-1'))
    .addOption(new Option('--images <n>', 'how many images of the batch').argParser(count).default(16))
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (plan: string, { out = `${path.basename(plan).replace(/(\.starsse)?\.json$/, '')}-preview.png`, epoch, member, images, node, json = false }: Options) => {
      const request = { out: path.resolve(out), epoch: epoch - 1, member, count: images };
      const preview = await runTaskFromTerminal('preview', [path.resolve(plan), JSON.stringify(request)], { json, node });
      if (json) printJson(preview);
      else {
        const rows = preview.images.map(({ position, label, target }) => [`${position}`, label, target.map(({ class: name, share }) => `${name} ${share.toFixed(2)}`).join(', ')]);
        printLines([...columns([['Image', 'Label', 'Target'], ...rows], 'rll'), '', `${rows.length} of ${preview.batchSize} images of ${member}, epoch ${epoch}: ${preview.file}`]);
      }
      end(DONE);
    });
}
