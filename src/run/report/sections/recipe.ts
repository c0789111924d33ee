import type { Member } from '../../../protocol/run.ts';
import type { ReportSource } from '../collect.ts';
import { table, text, type Section } from '../document.ts';
import { short } from '../numbers.ts';

export function recipeSection({ run, view }: ReportSource): Section {
  const { plan } = run;
  const { optimizer, epochs, batchSize, augmentation, schedule } = plan.training;
  const { kind, ...settings } = optimizer;
  const facts = [
    ['plan', run.planPath],
    ['run', `${run.id}, made ${run.createdAt}`],
    ['method', `${plan.method.kind}, ${run.members.length} members`],
    ['network', plan.model.network ?? 'the one of the checkpoint'],
    ['checkpoint', plan.model.checkpoint === null ? 'none: from scratch' : `${plan.model.checkpoint}${run.checkpointFingerprint === null ? '' : `, SHA-256 ${run.checkpointFingerprint.slice(0, 16)}...`}`],
    ['data', `${plan.data.kind}, SHA-256 of files and split ${run.dataFingerprint.slice(0, 16)}...`],
    ['training', `${epochs} epochs, batches of ${batchSize}, ${schedule}`],
    ['optimizer', `${kind}: ${used(settings)}`],
    ['augmentation', used(augmentation)],
    ['seed', String(plan.seed)],
    ['trained on', devices(view.members.map(({ state }) => state.device?.description ?? 'nothing yet'))],
    ['versions', Object.entries(run.versions).map(([name, version]) => `${name} ${version}`).join(', ')],
  ];
  const rows = run.members.map(({ name, startsFrom, epochs: length, learningRate, schedule: course, seed }: Member) => [name, startsFrom, String(length), short(learningRate), course, String(seed)]);
  return {
    title: 'Recipe',
    blocks: [table(['', ''], facts, 'll'), text('Members:'), table(['member', 'starts from', 'epochs', 'peak learning rate', 'schedule', 'seed'], rows, 'llrrlr')],
  };
}

/** What is switched on. */
function used(augmentation: object): string {
  const parts = Object.entries(augmentation).filter(([, value]) => value !== null && value !== 0 && value !== false);
  return parts.length === 0 ? 'none' : parts.map(([name, value]) => (value === true ? name : `${name} ${JSON.stringify(value)}`)).join(', ');
}

function devices(all: string[]): string {
  return [...new Set(all)].join('; ');
}
