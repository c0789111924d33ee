import type { MeasuresReport } from '../../../protocol/measures.ts';
import type { ReportSource } from '../collect.ts';
import { command, table, text, type Block, type Section } from '../document.ts';
import { decimal, percent } from '../numbers.ts';
import { LEAST_IMAGES, reliabilityDiagram } from '../svg/reliability.ts';

export function calibrationSection({ measures, ensembles, view }: ReportSource): Section {
  const title = 'Calibration';
  const all = [...measures, ...ensembles.filter(({ name }) => !measures.some((each) => each.name === name))].map(({ name, measures: figures, measuredOn, comparison }) => ({ name, figures, measuredOn, comparison }));
  if (all.length === 0) return { title, blocks: [text('Not measured.'), command(`starsse measures ${view.id} <name>`)] };
  const rows = all.map(({ name, figures }) => [name, percent(figures.ece), decimal(figures.temperature), percent(figures.temperatureEce), decimal(figures.temperatureNll), decimal(figures.riskCoverage.area)]);
  const bins = table(
    ['', 'confidence', 'images', 'mean confidence', 'accuracy'],
    all.flatMap(({ name, figures }) => figures.reliability.filter(({ images }) => images > 0).map((bin) => [name, `${decimal(bin.low, 2)} to ${decimal(bin.high, 2)}`, String(bin.images), percent(bin.confidence), percent(bin.accuracy)])),
    'llrrr',
  );
  return {
    title,
    blocks: [
      table(['', 'ECE', 'temperature', 'ECE with it', 'NLL with it', 'area under risk-coverage'], rows, 'lrrrrr'),
      text('The temperature was fitted on validation predictions.'),
      { kind: 'figure', svg: reliabilityDiagram(all.map(({ name, figures }) => ({ name, bins: figures.reliability })), 'Reliability diagram'), caption: `Accuracy over confidence on the ${all[0].measuredOn} set; dashed: confidence that is right. Bins of fewer than ${LEAST_IMAGES} images are in the table only.`, table: bins },
      ...comparisons(all),
    ],
  };
}

function comparisons(all: { name: string; comparison: MeasuresReport['comparison'] }[]): Block[] {
  const rows = all.flatMap(({ name, comparison }) => (comparison === null ? [] : [[`${name} against ${comparison.against}`, String(comparison.mcnemar.onlyThis), String(comparison.mcnemar.onlyOther), comparison.mcnemar.exactP.toPrecision(3)]]));
  return rows.length === 0 ? [] : [text("McNemar's test of right and wrong, image by image:"), table(['', 'only it is right', 'only the other', 'exact P'], rows, 'lrrr')];
}
