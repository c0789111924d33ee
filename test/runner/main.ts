/** Runs the layers and ends with one line: `N passed, N failed`. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { FAILED, sentence, strict, sum, type Count } from './count.ts';
import { LAYERS, type Layer } from './layers.ts';
import { endLeftOvers, MARK } from './left-over.ts';
import { ready } from './provision.ts';

const { values, positionals } = parseArgs({ options: { 'update-docs': { type: 'boolean' } }, allowPositionals: true });
const [wanted, filter = ''] = positionals;
// Then the end-to-end layer renews the pictures of the README.
if (values['update-docs']) process.env.STARSSE_UPDATE_DOCS = '1';
const layers = wanted === undefined ? LAYERS : LAYERS.filter(({ name }) => name === wanted);
if (layers.length === 0) {
  console.error(`There is no layer "${wanted}". The layers are: ${LAYERS.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const mark = randomUUID();
process.env[MARK] = mark;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void endLeftOvers(mark, 0).finally(() => process.exit(130)));
}

const results: { name: string; count: Count; seconds: number }[] = [];
for (const layer of layers) {
  console.log(`\n━━━ ${layer.name}: ${layer.title} ${'━'.repeat(Math.max(3, 60 - layer.name.length - layer.title.length))}`);
  const startedAt = Date.now();
  const count = strict(await runLayer(layer));
  results.push({ name: layer.name, count, seconds: (Date.now() - startedAt) / 1000 });
}
console.log('\n━━━ all layers');
for (const { name, count, seconds } of results) {
  console.log(`${count.failed > 0 ? '✖' : '✔'} ${name.padEnd(10)} ${sentence(count).padEnd(36)} ${seconds.toFixed(0).padStart(5)} s`);
}
const total = sum(results.map(({ count }) => count));
console.log(sentence(total));
process.exit(total.failed > 0 ? 1 : 0);

/** A layer that could not run, or that left a process behind, has failed. */
async function runLayer(layer: Layer): Promise<Count> {
  try {
    for (const need of layer.needs) await ready(need);
    const counts: Count[] = [];
    for (const want of layer.wants ?? []) {
      await ready(want).catch((error: unknown) => {
        console.error(`✖ ${layer.name} runs without what it wants (${want}): ${text(error)}`);
        counts.push(FAILED);
      });
    }
    counts.push(await layer.run(filter));
    for (const { pid, command } of await endLeftOvers(mark)) {
      console.error(`✖ left running: ${pid} ${command}`);
      counts.push(FAILED);
    }
    return sum(counts);
  } catch (error) {
    console.error(`✖ the layer ${layer.name} could not run: ${text(error)}`);
    await endLeftOvers(mark, 0);
    return FAILED;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
