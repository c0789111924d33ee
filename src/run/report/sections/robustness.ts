import { MAIN_CORRUPTIONS, SEVERITIES, type Robustness, type UnknownReport } from '../../../protocol/robustness.ts';
import type { ReportSource } from '../collect.ts';
import { command, table, text, type Block, type Section } from '../document.ts';
import { decimal, percent } from '../numbers.ts';
import { lines } from '../svg/lines.ts';

export function robustnessSection({ robustness, unknown, view }: ReportSource): Section {
  const title = 'Robustness';
  if (robustness === null && unknown.length === 0) return { title, blocks: [text('Not measured.'), command(`starsse robustness ${view.id}`)] };
  return { title, blocks: [...(robustness === null ? [] : corruptionBlocks(robustness)), ...unknown.flatMap(unknownBlocks)] };
}

function corruptionBlocks({ rows, cells, images, bestMember, leftOut }: Robustness): Block[] {
  const corruptions = [...new Set(cells.map(({ corruption }) => corruption))];
  /** Mean error of a row over the cells that `wanted` takes; null where there are none. */
  const meanError = (name: string, wanted: (cell: Robustness['cells'][number]) => boolean): number | null => {
    const errors = cells.filter(wanted).flatMap((cell) => cell.rows[name]?.error ?? []);
    return errors.length === 0 ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length;
  };
  const bySeverity = rows.map(({ name, clean }) => ({
    name,
    points: [[0, clean.error] as const, ...SEVERITIES.flatMap((severity) => {
      const error = meanError(name, (cell) => cell.severity === severity);
      return error === null ? [] : [[severity, error] as const];
    })],
  }));
  const summary = rows.map(({ name, clean, meanCorruptionError, relativeToBestMember }) => [name, percent(clean.error), percent(meanCorruptionError), decimal(relativeToBestMember ?? undefined, 3)]);
  const each = corruptions.map((corruption) => [corruption, ...rows.map(({ name }) => percent(meanError(name, (cell) => cell.corruption === corruption)))]);
  return [
    text(`Errors on ${images} test images under the corruptions of Hendrycks and Dietterich (2019), our own implementation. The mean is over ${MAIN_CORRUPTIONS.length} corruptions and ${SEVERITIES.length} severities; the last column is relative to ${bestMember}.`),
    table(['', 'clean error', 'mean corruption error', 'relative'], summary, 'lrrr'),
    {
      kind: 'figure',
      svg: lines(bySeverity, 'Error by severity of corruption', { title: 'severity', format: String }, { title: 'error', format: (value) => `${(100 * value).toFixed(0)} %` }),
      caption: `Error by severity, mean over ${corruptions.length} corruptions; 0 is without corruption.`,
      table: table(['corruption, mean over severities', ...rows.map(({ name }) => name)], each, `l${'r'.repeat(rows.length)}`),
    },
    ...(leftOut.length === 0 ? [] : [text(`Left out, since they mean nothing for grey images: ${leftOut.join(', ')}.`)]),
  ];
}

function unknownBlocks({ folder, knownImages, unknownImages, unreadable, rows }: UnknownReport): Block[] {
  const cells = rows.flatMap(({ name, confidence, entropy, mutualInformation }) =>
    ([['confidence', confidence], ['entropy', entropy], ['mutual information', mutualInformation]] as const).flatMap(([by, figures]) =>
      figures === null ? [] : [[name, by, decimal(figures.auroc), decimal(figures.aupr), percent(figures.fpr95)]],
    ),
  );
  return [
    text(`${unknownImages} unknown images of ${folder} told from ${knownImages} known ones${unreadable.length === 0 ? '' : ` (${unreadable.length} files could not be read)`}.`),
    table(['', 'by', 'AUROC', 'AUPR', 'FPR at 95 %'], cells, 'llrrr'),
  ];
}
