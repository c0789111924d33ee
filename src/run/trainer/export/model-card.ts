/** README.md of an export: what the network is made of, how good it is, how to use it. */
import path from 'node:path';
import { macs, parameterCount } from '../../../core/network.ts';
import type { ExportFormat } from '../../../protocol/export.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { ResultRow, ResultTable } from '../../../protocol/results.ts';
import type { Member, Run, RunView } from '../../../protocol/run.ts';
import { VERSION } from '../../../protocol/version.ts';
import { fullName } from '../ensembles/candidates.ts';
import type { StoredEnsemble } from '../ensembles/stored.ts';
import { howToLoad } from './how-to-load.ts';
import { wilsonInterval } from './wilson-interval.ts';

export interface CardSource {
  run: Run;
  model: ModelFile;
  view: RunView;
  /** Of the member, soup or ensemble. */
  name: string;
  format: ExportFormat;
  /** How a soup was averaged; null for a member. */
  rule: string | null;
  /** Of a soup its members, of a member what it starts from. */
  parents: string[];
  /** What an ensemble is made of; null for a network. */
  ensemble: StoredEnsemble | null;
}

export function modelCard(source: CardSource): string {
  const { run, view, name } = source;
  const sections = [
    `# ${escaped(run.plan.name)}: ${name}`,
    summary(source),
    ['## Results', ...results(view.results, name)].join('\n\n'),
    ['## Recipe', recipe(source)].join('\n\n'),
    ['## Use', ...howToLoad(source)].join('\n\n'),
    ['## Licence', 'None is claimed here. What may be done with these weights follows from the licences of the data and of the checkpoint they were made with.'].join('\n\n'),
    `Made by StarSSE ${VERSION} from the run ${run.id}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function summary({ model: { network, classNames }, name, rule, parents, ensemble }: CardSource): string {
  const made = ensemble !== null ? ensembleWords(ensemble) : rule === null ? `${name}, one fine-tuned network` : `${name}, the ${escaped(rule)} average of the weights of ${parents.join(', ')}: one network`;
  const classes = classNames.length > 20 ? `${classNames.slice(0, 20).map(escaped).join(', ')}, ... (${classNames.length})` : classNames.map(escaped).join(', ');
  return `${made}. ${ensemble === null ? 'A network' : 'Each is a network'} ${escaped(network.name)} for images of ${network.inputShape.join(' x ')}, with ${parameterCount(network)} weights and ${macs(network)} multiply-accumulates an image. It gives the logits of ${network.classes} classes: ${classes}.`;
}

function ensembleWords({ name, members, mean }: StoredEnsemble): string {
  const isEven = members.every(({ weight }) => weight === members[0].weight);
  const named = members.map((member) => `${fullName(member)}${isEven ? '' : ` (${percent(member.weight)})`}`);
  return `${name}, the ${isEven ? '' : 'weighted '}mean of the ${mean === 'logit' ? 'logits' : 'probabilities'} of ${named.join(', ')}`;
}

function results(table: ResultTable | null, name: string): string[] {
  const row = table?.rows.find((candidate) => candidate.name === name);
  if (table === null || row === undefined) return [name.startsWith('ensemble-') ? `They are in the run, \`analyses/ensembles/${name}.json\`: an ensemble of several runs is no row of the result table.` : 'None were measured yet.'];
  const [images, set] = table.testImages > 0 ? [table.testImages, 'test'] : [table.validationImages, 'validation'];
  const lines = [
    ['measure', `on ${images} ${set} images`],
    ['---', '---'],
    ['accuracy, 95 % interval (Wilson)', accuracy(row, images)],
    ...(row.meanPerClassAccuracy === undefined ? [] : [['mean per-class accuracy', percent(row.meanPerClassAccuracy)]]),
    ['NLL, calibrated NLL (nats)', `${row.nll.toFixed(4)}, ${row.calibratedNll.toFixed(4)}`],
    ['ECE', percent(row.ece)],
    [`validation accuracy (${table.validationImages} images)`, percent(row.validationAccuracy)],
  ];
  return [lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), comparison(table, row)];
}

function accuracy(row: ResultRow, images: number): string {
  const [low, high] = wilsonInterval(row.accuracy, images);
  return `${percent(row.accuracy)} [${percent(low)}, ${percent(high)}]`;
}

function comparison({ bestMember, metric, bootstrapSamples, testImages }: ResultTable, { name, differenceToBest }: ResultRow): string {
  const chosen = testImages > 0 ? 'The best member was chosen on validation images, never on test images.' : 'There is no test set: the figures are of the images on which the best member was chosen, and are too good.';
  if (differenceToBest === null) return `${name === bestMember ? `${name} is the best of the members. ` : ''}${chosen}`;
  const [estimate, low, high] = [differenceToBest.estimate, differenceToBest.low, differenceToBest.high].map((difference) => `${difference >= 0 ? '+' : ''}${(100 * difference).toFixed(2)}`);
  return `Difference of ${metric === 'accuracy' ? 'accuracy' : 'mean per-class accuracy'} to the best member, ${bestMember}: ${estimate} points [${low}, ${high}] (95 %, paired bootstrap of ${bootstrapSamples} resamples). ${chosen}`;
}

function recipe({ run, name, rule, parents, ensemble }: CardSource): string {
  const { plan } = run;
  const chain = rule === null && ensemble === null ? chainTo(run.members, name) : run.members.filter((member) => parents.includes(member.name));
  const lines: [string, string][] = [
    ['method', plan.method.kind],
    ['checkpoint', plan.model.checkpoint === null ? 'none' : `${escaped(path.posix.basename(plan.model.checkpoint.replaceAll('\\', '/')))}, SHA-256 ${run.checkpointFingerprint ?? 'unknown'}`],
    ['data', `${plan.data.kind}, SHA-256 of files and split ${run.dataFingerprint}`],
    ['optimizer', code(plan.training.optimizer)],
    ['batch size', String(plan.training.batchSize)],
    ['augmentation', code(plan.training.augmentation)],
    ...chain.map((member): [string, string] => [member.name, cycle(member)]),
    ['versions', code(run.versions)],
  ];
  return ['| | |', '| --- | --- |', ...lines.map(([what, text]) => `| ${what} | ${text} |`)].join('\n');
}

/** The member and those that it goes back to, the first first. */
function chainTo(members: readonly Member[], name: string): Member[] {
  const member = members.find((candidate) => candidate.name === name);
  return member === undefined ? [] : [...chainTo(members.slice(0, members.indexOf(member)), member.startsFrom), member];
}

function cycle({ startsFrom, epochs, learningRate, schedule, seed, headSeed }: Member): string {
  return `from ${startsFrom}, ${epochs} epochs, ${schedule} from the learning rate ${learningRate}, seed ${seed}${headSeed === null ? '' : `, new last layer from seed ${headSeed}`}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value).replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}

/** Texts of users as texts, in Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
