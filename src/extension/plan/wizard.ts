/** The questions of a new plan in their order, each with a way back. How they are put is `wizardScreen.ts`. */
import { NETWORKS, type PlanInput } from '../../protocol/plan.ts';
import { dataInFile, dataInFolder, type Entry } from './foundData.ts';
import type { NewPlan } from './newPlan.ts';
import { PRESETS, type Preset } from './presets.ts';

export const STEPS = 4;
/** Undefined when the user leaves. */
export type Answer<T> = T | 'back' | undefined;

export interface Choices {
  place: 'folder' | 'file';
  start: 'checkpoint' | 'scratch';
  network: (typeof NETWORKS)[number];
  preset: Preset;
}

export interface Opened {
  /** As the plan will write it. */
  path: string;
  /** Of a folder; empty for a file. */
  entries: Entry[];
}

export interface Asker {
  /** @param step 1..STEPS; from the second on there is a way back */
  choose<Q extends keyof Choices>(question: Q, step: number, options: readonly Choices[Q][]): Promise<Answer<Choices[Q]>>;
  /** @returns undefined when nothing was chosen */
  open(what: Choices['place'] | 'checkpoint'): Promise<Opened | undefined>;
  name(step: number): Promise<Answer<string>>;
  /** Says that there are no data of a known kind. */
  refuse(path: string): void;
}

/** Data, start, method, name. @returns undefined when the user leaves */
export async function askForPlan(asker: Asker): Promise<NewPlan | undefined> {
  const plan: Partial<NewPlan> = {};
  const steps: (() => Promise<Answer<true>>)[] = [
    async () => taken(await askForData(asker), (data) => (plan.data = data)),
    async () => taken(await askForModel(asker, plan.data?.kind === 'npz'), (model) => (plan.model = model)),
    async () => taken(await asker.choose('preset', 3, PRESETS), (preset) => (plan.preset = preset)),
    async () => taken(await asker.name(STEPS), (name) => (plan.name = name)),
  ];
  for (let step = 0; step < steps.length; ) {
    const answer = await steps[step]();
    if (answer === undefined) return undefined;
    step += answer === 'back' ? -1 : 1;
  }
  return plan as NewPlan;
}

function taken<T>(answer: Answer<T>, take: (value: T) => void): Answer<true> {
  if (answer === undefined || answer === 'back') return answer as Answer<true>;
  take(answer);
  return true;
}

/** Asks again when nothing was chosen, or nothing that a plan knows. */
async function askForData(asker: Asker): Promise<Answer<PlanInput['data']>> {
  for (;;) {
    const place = await asker.choose('place', 1, ['folder', 'file']);
    if (place === undefined || place === 'back') return place;
    const opened = await asker.open(place);
    if (opened === undefined) continue;
    const data = place === 'file' ? dataInFile(opened.path) : dataInFolder(opened.path, opened.entries);
    if (data !== null) return data;
    asker.refuse(opened.path);
  }
}

/** A .keras file and a model.json say themselves which network they are. @param features of arrays, which have no pixels side by side */
async function askForModel(asker: Asker, features: boolean): Promise<Answer<PlanInput['model']>> {
  for (;;) {
    const start = await asker.choose('start', 2, ['checkpoint', 'scratch']);
    if (start === undefined || start === 'back') return start;
    const checkpoint = start === 'scratch' ? null : (await asker.open('checkpoint'))?.path;
    if (checkpoint === undefined) continue;
    if (checkpoint !== null && /\.(keras|json)$/i.test(checkpoint)) return { checkpoint };
    const network = await asker.choose('network', 2, features ? ['mlp', 'linear'] : NETWORKS);
    if (network === undefined) return undefined;
    if (network !== 'back') return { network, checkpoint };
  }
}
