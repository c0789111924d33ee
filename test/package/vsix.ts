/** What is in a packed extension, and what may be. */
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

/** Names below `extension/` and their sizes in bytes, unpacked. */
export function vsixFiles(vsix: string): Map<string, number> {
  const entries = Object.entries(unzipSync(readFileSync(vsix)));
  return new Map(entries.filter(([name]) => name.startsWith('extension/')).map(([name, bytes]) => [name.slice('extension/'.length), bytes.length]));
}

/** Every file of the extension is one of these. vsce writes README, CHANGELOG and LICENSE under names of its own. */
export const ALLOWED: RegExp[] = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/(extension|cli|supervisor|trainer|input-worker|emnapi-runtime)\.js$/,
  /^dist\/[\w-]+\.wasm$/,
  // Sources of our operations of TensorFlow, compiled where the native library is installed.
  /^dist\/(adamw|batch-norm|filter-gradient|gelu|input-gradient|layer-norm|operations|sgd|softmax|threads)\.cc$/,
  /^dist\/(exponential|kernels|threads|vectors)\.h$/,
  // The image decoder of every platform, with its licence.
  /^dist\/sharp-wasm32(-[\d.]+\.node\.(js|wasm)|\.LICENSE\.txt)$/,
  // The HDF5 library, which the trainer loads when it needs it.
  /^dist\/h5wasm\.(js|LICENSE\.txt)$/,
  /^dist\/webview\/(dashboard|plan|compose|checkpoint|compare)\.(js|css)$/,
  /^dist\/webview\/codicon\.ttf$/,
  // What the licences of bundled packages ask for.
  /^dist\/(webview\/)?\w+\.js\.LICENSE\.txt$/,
  /^dist\/sample\/(README\.md|fashion-mnist\.starsse\.json|rotation\.safetensors)$/,
  /^dist\/sample\/data\/(labelled|test)-(images-idx3|labels-idx1)-ubyte$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^media\/plan\.schema\.json$/,
  /^media\/[\w-]+\.svg$/,
  /^media\/icon\.png$/,
  /^media\/walkthrough\/[\w-]+\.svg$/,
];

/** None of these may be missing. */
export const REQUIRED = [
  'package.json', 'package.nls.json', 'readme.md', 'changelog.md', 'LICENSE.txt',
  'dist/extension.js', 'dist/cli.js', 'dist/supervisor.js', 'dist/trainer.js', 'dist/kernels.wasm', 'dist/operations.cc', 'dist/batch-norm.cc', 'dist/kernels.h', 'dist/input-worker.js', 'dist/emnapi-runtime.js', 'dist/sharp-wasm32.LICENSE.txt', 'dist/h5wasm.js', 'dist/h5wasm.LICENSE.txt',
  ...['dashboard', 'plan', 'compose', 'checkpoint', 'compare'].flatMap((name) => [`dist/webview/${name}.js`, `dist/webview/${name}.css`]), 'dist/webview/codicon.ttf',
  ...['', '.zh-cn'].map((language) => `l10n/bundle.l10n${language}.json`), 'package.nls.zh-cn.json',
  'media/plan.schema.json',
  'dist/sample/README.md', 'dist/sample/fashion-mnist.starsse.json', 'dist/sample/rotation.safetensors', 'dist/sample/data/labelled-images-idx3-ubyte', 'dist/sample/data/test-labels-idx1-ubyte',
];

/** Of a package for one platform, besides: the native image decoder. */
export const PLATFORM_ALLOWED: RegExp[] = [/^dist\/node_modules\/@img\/sharp-(libvips-)?[a-z]+\d*-[a-z0-9]+\/(LICENSE|README\.md|package\.json|versions\.json|index\.c?js|lib\/index\.js|lib\/[\w.-]+\.(node|dylib|dll|so)[\d.]*)$/];
/** What it has no use for then. */
export const PLATFORM_REPLACES = ['dist/emnapi-runtime.js'];

/** Bytes of the packed file at most. */
export const MOST_BYTES = 8_000_000;
export const MOST_PLATFORM_BYTES = 16_000_000;

/** Each file too many or missing, as one line. */
export function listFaults(names: string[], more: readonly RegExp[] = [], without: readonly string[] = []): string[] {
  return [
    ...names.filter((name) => ![...ALLOWED, ...more].some((pattern) => pattern.test(name))).map((name) => `${name}: not allowed in the package`),
    ...REQUIRED.filter((name) => !names.includes(name) && !without.includes(name)).map((name) => `${name}: missing from the package`),
  ];
}

/** Bytes at most, unpacked. What the editor loads at its start is the smallest. */
export const BUDGETS: Record<string, number> = {
  'dist/webview/plan.js': 160_000,
  'dist/webview/plan.css': 80_000,
  'dist/extension.js': 300_000,
  'dist/cli.js': 260_000,
  'dist/supervisor.js': 60_000,
  'dist/trainer.js': 3_000_000,
  'dist/emnapi-runtime.js': 40_000,
  'dist/h5wasm.js': 5_000_000,
  'dist/sharp-wasm32.node.js': 200_000,
  'dist/sharp-wasm32.node.wasm': 10_000_000,
  'dist/tfjs-backend-wasm-simd.wasm': 500_000,
  'dist/kernels.wasm': 10_000,
  'dist/input-worker.js': 40_000,
  'dist/webview/dashboard.js': 400_000,
  'dist/webview/dashboard.css': 80_000,
  'dist/webview/checkpoint.js': 120_000,
  'dist/webview/checkpoint.css': 80_000,
  'dist/webview/compare.js': 260_000,
  'dist/webview/compare.css': 80_000,
  'dist/webview/compose.js': 140_000,
  'dist/webview/compose.css': 80_000,
};

/** Each bundle over its budget or without one, as one line. */
export function budgetFaults(sizes: Map<string, number>): string[] {
  const bundles = [...sizes].filter(([name]) => /^dist\/.*\.(js|css|wasm)$/.test(name));
  return bundles.flatMap(([name, bytes]) => {
    const budget = BUDGETS[name.replace(/-[\d.]+\.node\./, '.node.')];
    if (budget === undefined) return [`${name}: has no budget`];
    return bytes > budget ? [`${name}: ${bytes} bytes, over its budget of ${budget}`] : [];
  });
}

/** Traces of TensorFlow.js in a bundle that must not contain it. */
export function tensorflowFaults(name: string, source: string): string[] {
  const traces = ['tfjs-core', 'tfjs_binding', 'registerKernel', 'FusedBatchNorm'];
  return traces.filter((trace) => source.includes(trace)).map((trace) => `${name}: contains ${trace}`);
}
