/** Door: the only program with TensorFlow.js. `train` works for a supervisor; the other words are tasks (`task-lines.ts`). */
import * as v from 'valibot';
import { doctorReport, probeBackend, probeInProcess } from '../backends/doctor-report.ts';
import { installTensorflow } from '../backends/install.ts';
import { installWebgpu } from '../backends/install-webgpu.ts';
import { chooseLibrary } from '../backends/tensorflow/library.ts';
import { startSoftmax } from '../backends/wasm/softmax.ts';
import type { DoctorReport } from '../protocol/doctor.ts';
import { StarsseError } from '../protocol/errors.ts';
import { parseJson } from '../protocol/parse.ts';
import { ComputeSchema } from '../protocol/plan.ts';
import { DeviceSchema } from '../protocol/run.ts';
import { VERSION } from '../protocol/version.ts';
import { programFile, programFlags } from './node-program.ts';
import { yieldToOthers } from './processes.ts';
import { stopRequested } from './requests.ts';
import { makeTable, type TaskContext } from './trainer/combine.ts';
import { basinTask } from './trainer/basin/basin-task.ts';
import { planeTask } from './trainer/basin/plane-task.ts';
import { sharpnessTask } from './trainer/basin/sharpness-task.ts';
import { createRun } from './trainer/create-run.ts';
import { clearImageCache, imageCacheBytes, imagesFolder } from './trainer/data/cache-cleaning.ts';
import { dataTask } from './trainer/data/data-report.ts';
import { distilTask } from './trainer/distil/distil-task.ts';
import { ensembleTask } from './trainer/ensembles/ensemble-task.ts';
import { measuresTask } from './trainer/ensembles/measures-task.ts';
import { exportTask } from './trainer/export/export-task.ts';
import { checkPlanTask } from './trainer/plan/check-task.ts';
import { estimateTask } from './trainer/plan/estimate-task.ts';
import { previewTask } from './trainer/preview/preview.ts';
import { averageTask } from './trainer/soups/average-task.ts';
import { gateTask } from './trainer/soups/gate-task.ts';
import { soupTask } from './trainer/soups/soup-task.ts';
import { robustnessTask } from './trainer/robustness/robustness-task.ts';
import { tensorDifferenceTask, tensorFiltersTask, tensorListTask, tensorStatisticsTask } from './trainer/tensors/tensor-tasks.ts';
import { runAsTask } from './trainer/task-process.ts';
import { tuneCompareTask, tuneJobsTask } from './trainer/tune-tasks.ts';
import { work } from './trainer/work.ts';

const STOP_LOOK_MS = 250;

const OverridesSchema = v.strictObject({
  backend: v.optional(ComputeSchema.entries.backend.wrapped),
  workers: v.optional(ComputeSchema.entries.workers.wrapped),
  threads: v.optional(ComputeSchema.entries.threads.wrapped),
  membersPerGpu: v.optional(ComputeSchema.entries.membersPerGpu.wrapped),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  profile: v.optional(v.boolean()),
  install: v.optional(v.boolean(), false),
});
const InstallSchema = v.strictObject({ backend: v.optional(v.picklist(['tensorflow', 'webgpu']), 'tensorflow'), gpu: v.optional(v.boolean()) });

const TASKS: Record<string, (args: string[], context: TaskContext) => Promise<unknown>> = {
  create: async ([plan, runsFolder, request = '{}'], context) => {
    const { install, ...overrides } = parseJson(OverridesSchema, request, 'create', 'usage');
    if (install) await installIfMissing(context);
    return await createRun(plan, runsFolder, overrides, context);
  },
  table: async ([run], context) => await makeTable(run, context),
  soup: async ([run, request = '{}'], context) => await soupTask(run, request, context),
  gate: async ([run, request = '{}'], context) => await gateTask(run, request, context),
  average: async ([request], context) => await averageTask(request, context),
  ensemble: async ([run, request = '{}'], context) => await ensembleTask(run, request, context),
  distil: async ([run, request = '{}'], context) => await distilTask(run, request, context),
  robustness: async ([run, request = '{}'], context) => await robustnessTask(run, request, context),
  measures: async ([run, request = '{}'], context) => await measuresTask(run, request, context),
  basin: async ([run, request = '{}'], context) => await basinTask(run, request, context),
  plane: async ([run, request = '{}'], context) => await planeTask(run, request, context),
  sharpness: async ([run, request = '{}'], context) => await sharpnessTask(run, request, context),
  'tensor-list': async ([file]) => await tensorListTask(file),
  'tensor-statistics': async ([request], context) => await tensorStatisticsTask(request, context),
  'tensor-filters': async ([request]) => await tensorFiltersTask(request),
  'tensor-difference': async ([request], context) => await tensorDifferenceTask(request, context),
  'tune-jobs': async ([tune, rung], context) => await tuneJobsTask(tune, Number(rung), context),
  'tune-compare': async ([tune]) => await tuneCompareTask(tune),
  export: async ([run, request = '{}'], context) => await exportTask(run, request, context),
  preview: async ([plan, request = '{}'], context) => await previewTask(plan, request, context),
  data: async ([plan, request = '{}'], context) => await dataTask(plan, request, context),
  'data-cache': async () => ({ folder: imagesFolder(), sizeBytes: await imageCacheBytes() }),
  'check-plan': async ([plan, request = '{}'], context) => await checkPlanTask(plan, request, context),
  estimate: async ([plan, request = '{}'], context) => await estimateTask(plan, request, context),
  'clear-data-cache': async () => await clearImageCache(),
  doctor,
  install: async ([request = '{}'], { signal, onProgress }) => {
    const { backend, gpu } = parseJson(InstallSchema, request, 'install', 'usage');
    if (backend === 'webgpu') await installWebgpu({ signal, onProgress });
    else await installTensorflow({ gpu, signal, onProgress });
    return await doctor();
  },
};

/** Without it a run takes the best back end there is. */
async function installIfMissing({ signal, onProgress }: TaskContext): Promise<void> {
  try {
    if (chooseLibrary() === null) await installTensorflow({ signal, onProgress });
  } catch (error) {
    signal.throwIfAborted();
    onProgress({ fraction: null, message: `Without native TensorFlow, which could not be installed: ${StarsseError.from(error).message}` });
  }
}

async function doctor(): Promise<DoctorReport> {
  const program = [...programFlags(), programFile('trainer'), 'probe'];
  return await doctorReport(VERSION, (backend) => probeInProcess(program, backend));
}

async function main([word, ...args]: string[]): Promise<number> {
  if (word === 'train') return await train(args);
  if (word === 'probe') {
    const backend = v.parse(DeviceSchema.entries.backend, args[0]);
    console.log(`\n${JSON.stringify(await probeBackend(backend))}`);
    return 0;
  }
  const task = word === undefined ? undefined : TASKS[word];
  if (task === undefined) throw new StarsseError('usage', `the trainer knows no "${word}"`, { hint: `It knows train, ${Object.keys(TASKS).join(', ')}.` });
  return await runAsTask(async (context) => {
    await startSoftmax();
    return await task(args, context);
  });
}

/** Exit code 3 when stopped: finished the step, saved. */
async function train([folder, member]: string[]): Promise<number> {
  if (folder === undefined || member === undefined) throw new StarsseError('usage', 'train needs a run folder and a member');
  yieldToOthers();
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => (stopping = true));
  const looks = setInterval(() => {
    void stopRequested(folder).then((asked) => (stopping ||= asked));
  }, STOP_LOOK_MS);
  try {
    return (await work(folder, member, () => stopping)) === 'done' ? 0 : 3;
  } finally {
    clearInterval(looks);
  }
}

main(process.argv.slice(2)).then(
  // Back ends keep the process alive; everything is written by now.
  (code) => process.exit(code),
  (error: unknown) => {
    const { code, message, hint, cause } = StarsseError.from(error).toJSON();
    console.error([`${code}: ${message}`, hint, cause].filter((text) => text !== undefined).join('\n'));
    process.exit(code === 'usage' ? 2 : 1);
  },
);
