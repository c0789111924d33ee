/** One back end of bench/gpu.ts, in a process of its own: for each message so many steps, answered with milliseconds a step. */
import { nvidiaCards } from '../src/backends/cards.ts';
import { startBackend } from '../src/backends/choose.ts';
import { readingOf } from '../src/backends/reading.ts';
import { stepperOf } from '../src/backends/stepper.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots, stepRates } from '../src/core/optimizer.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { programOf, type OptimizerSettings } from '../src/core/program.ts';
import { disposeTensors, weightsFrom } from '../src/core/weights.ts';
import { UnreadSteps } from '../src/core/unread-steps.ts';
import { StarsseError } from '../src/protocol/errors.ts';
import { BEGINNING } from '../src/protocol/position.ts';
import type { Device } from '../src/protocol/run.ts';

export interface SideSettings {
  backend: Device['backend'];
  network: BuiltinName;
  /** Height and width of the images. */
  side: number;
  batch: number;
  threads: number;
}
export type SideHello = { device: Device; card: string | null } | { missing: string };

const CLASSES = 10;
const OPTIMIZERS: Record<'sgd' | 'adamw', OptimizerSettings> = {
  sgd: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4 },
  adamw: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
};

/** What the network is trained with, here and in PyTorch. */
export function optimizerOf(network: BuiltinName): 'sgd' | 'adamw' {
  return /^(vit|swin)/.test(network) ? 'adamw' : 'sgd';
}

async function serve(settings: SideSettings): Promise<void> {
  const say = (what: SideHello | number): boolean => process.send!(what);
  try {
    const device = await startBackend(settings.backend, { threads: settings.threads });
    const [card] = device.kind === 'gpu' ? await nvidiaCards() : [];
    let steps: ReturnType<typeof racer> | null = null;
    process.on('message', (count: number) => {
      void (async () => {
        try {
          steps ??= racer(settings, device);
          say(await steps(count));
        } catch (error) {
          say({ missing: StarsseError.from(error).message });
        }
      })();
    });
    say({ device, card: card?.name ?? null });
  } catch (error) {
    say({ missing: StarsseError.from(error).message });
    process.disconnect();
  }
}

/** Steps as a training takes them: bytes go to the device in each, figures are read as often as there. */
function racer({ network: name, side, batch }: SideSettings, device: Device): (steps: number) => Promise<number> {
  const network = builtinNetwork(name, [side, side, 3], CLASSES);
  const optimizer = OPTIMIZERS[optimizerOf(name)];
  const program = programOf(network, { optimizer, images: { normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }, mixes: false } });
  const images: Pixels = { shape: [batch, side, side, 3], data: Uint8Array.from({ length: batch * side * side * 3 }, (_, index) => Math.imul(index, 2654435761) >>> 24) };
  const targets = Float32Array.from({ length: batch * CLASSES }, (_, index) => Number(index % CLASSES === Math.floor(index / CLASSES) % CLASSES));
  const stepper = stepperOf(device, console.error)(program, { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) }, { steps: [batch], evaluations: [] });
  let done = 0;
  return async (steps) => {
    const unread = new UnreadSteps(readingOf(device));
    const startMs = performance.now();
    for (let step = 0; step < steps; step++) {
      const rates = stepRates(optimizer, 1e-4, done++);
      unread.add({ step: done, epoch: 0, learningRate: 1e-4, images: batch, ms: 0, waitMs: 0 }, stepper.step({ images, targets, share: 1 }, { ...rates, noise: new Map() }));
      disposeTensors(new Map([['rate', rates.learningRate], ...rates.corrections.map((value, index): [string, typeof value] => [String(index), value])]));
      if (unread.isDue || step === steps - 1) await unread.read(BEGINNING);
    }
    return (performance.now() - startMs) / steps;
  };
}

if (process.send !== undefined) await serve(JSON.parse(process.argv[2]) as SideSettings);
