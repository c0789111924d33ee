import type { Member } from '../../../protocol/run.ts';
import { epochsOf, learningRateAt } from '../../../protocol/schedule.ts';
import type { ReportSource } from '../collect.ts';
import { table, text, type Figure, type Section } from '../document.ts';
import { decimal, percent, short } from '../numbers.ts';
import { lines, type Curve } from '../svg/lines.ts';

/** Points of a curve at most; an image has no more columns. */
const SHOWN = 400;

export function curvesSection({ run, epochs }: ReportSource): Section {
  const rates = run.members.map((member): Curve => {
    const length = epochsOf(member);
    const before = epochsBefore(run.members, member.name);
    return { name: member.name, points: thinned(Array.from({ length }, (_, epoch) => [before + epoch, learningRateAt(member, epoch * run.stepsPerEpoch, run.stepsPerEpoch)])) };
  });
  const format = (value: number): string => short(value);
  const begun = epochs.filter(({ rows }) => rows.length > 0);
  const ratesTable = table(['member', 'first', 'highest', 'last'], rates.map(({ name, points }) => [name, short(points[0][1]), short(points.reduce((most, [, rate]) => Math.max(most, rate), 0)), short(points[points.length - 1][1])]), 'lrrr');
  const rateFigure: Figure = {
    kind: 'figure',
    svg: lines(rates, 'Learning rate of each member over its epochs', { title: 'epochs since the checkpoint', format }, { title: 'learning rate', format }),
    caption: 'Learning rate at the start of each epoch; a member begins where the one that it starts from ended.',
    table: ratesTable,
  };
  if (begun.length === 0) return { title: 'Curves', blocks: [rateFigure, text('No member has finished an epoch yet.')] };
  const ends = begun.map(({ member, rows }) => {
    const last = rows[rows.length - 1];
    return [member, String(last.epoch + 1), decimal(last.trainLoss), decimal(last.validationLoss), percent(last.validationAccuracy)];
  });
  const endsTable = table(['member', 'epochs', 'train loss', 'validation loss', 'validation accuracy'], ends, 'lrrrr');
  const curve = (figure: 'validationAccuracy' | 'validationLoss'): Curve[] => begun.map(({ member, rows }) => ({ name: member, points: thinned(rows.map((row) => [epochsBefore(run.members, member) + row.epoch + 1, row[figure]] as const)) }));
  return {
    title: 'Curves',
    blocks: [
      rateFigure,
      { kind: 'figure', svg: lines(curve('validationLoss'), 'Validation loss of each member after each epoch', { title: 'epochs since the checkpoint', format }, { title: 'validation loss, nats', format }), caption: 'Validation loss after each epoch.', table: endsTable },
      { kind: 'figure', svg: lines(curve('validationAccuracy'), 'Validation accuracy of each member after each epoch', { title: 'epochs since the checkpoint', format }, { title: 'validation accuracy', format: (value) => `${(100 * value).toFixed(0)} %` }), caption: 'Validation accuracy after each epoch.', table: endsTable },
    ],
  };
}

/** Epochs of everything that a member goes back to. */
function epochsBefore(members: readonly Member[], name: string): number {
  const start = members.find((member) => member.name === members.find((each) => each.name === name)?.startsFrom);
  return start === undefined ? 0 : epochsBefore(members, start.name) + epochsOf(start);
}

/** Every so manieth point, the last included. */
function thinned<T>(points: T[]): T[] {
  const step = Math.ceil(points.length / SHOWN);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}
