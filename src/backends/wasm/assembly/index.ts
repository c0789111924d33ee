/**
 * The kernels of the back end "wasm" that TensorFlow.js has not, or has in a slow form, as one module that works in the memory
 * of TensorFlow.js' own. In AssemblyScript: TypeScript's syntax on WebAssembly's types. No function allocates; addresses
 * and distances in memory are in bytes, sizes in elements. Values are float32 unless it says so.
 */
export { packPixels, packTaps } from './pack-left';
export { packRows, packColumns } from './pack-right';
export { multiply } from './multiply';
export { padImages } from './pad';
export { addProducts, scaleChannels, combineChannels } from './by-channel';
export { passWhere } from './elementwise';
export { addSoftmax } from './softmax';
