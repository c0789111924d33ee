import type { Row } from '../../protocol/rows.ts';
import { applyResumes, RowReader } from '../rows.ts';

/** All rows of a log that count; none of a member that has not begun. @throws StarsseError file-invalid */
export async function validRows(file: string): Promise<Row[]> {
  const reader = new RowReader(file);
  const rows: Row[] = [];
  for (let more = true; more; ) {
    const batch = await reader.read();
    for (const row of batch.rows) rows.push(row);
    more = batch.more;
  }
  return applyResumes(rows);
}
