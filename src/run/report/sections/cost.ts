import { epochsOf } from '../../../protocol/schedule.ts';
import type { ReportSource } from '../collect.ts';
import { table, text, type Section } from '../document.ts';
import { amount } from '../../cli/numbers.ts';
import { duration } from '../numbers.ts';

/** What training took, and what a prediction takes. */
export function costSection({ run, view }: ReportSource): Section {
  const trained = view.members.map(({ member, state }) => [member.name, state.status, String(epochsOf(member)), String(state.step), duration(state.trainedMs)]);
  const epochs = run.members.reduce((sum, member) => sum + epochsOf(member), 0);
  const totalMs = view.members.reduce((sum, { state }) => sum + state.trainedMs, 0);
  const predictions = (view.results?.rows ?? []).filter(({ kind }) => kind !== 'mean-member').map(({ name, forwardPasses, macs }) => [name, String(forwardPasses), amount(macs)]);
  return {
    title: 'Cost and budget',
    blocks: [
      text(`The plan asks for ${epochs} epochs of training in all, ${run.workers} ${run.workers === 1 ? 'member' : 'members'} at a time; training took ${duration(totalMs)} added up over the members.`),
      table(['member', 'state', 'epochs', 'steps', 'training time'], trained, 'llrrr'),
      ...(predictions.length === 0 ? [] : [text('Cost of the prediction of one image:'), table(['', 'forward passes', 'multiply-accumulates'], predictions, 'lrr')]),
    ],
  };
}
