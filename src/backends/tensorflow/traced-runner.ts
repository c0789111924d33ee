/**
 * Networks run forward as one call a batch, recorded once, the weights in the graph. Logits of a short batch come out of the graph
 * for the largest that came; statistics, which are of a batch as a whole, have a graph for each size.
 */
import { backend as currentBackend, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { foldedOf } from '../../core/fold.ts';
import { forward } from '../../core/forward.ts';
import { hasBatchNorm } from '../../core/network.ts';
import { normalisedOnDevice, upload, type Pixels } from '../../core/pixels.ts';
import type { Normalization } from '../../core/normalization.ts';
import type { Runner } from '../../core/runner.ts';
import type { BatchStatistics } from '../../core/statistics.ts';
import { disposeTensors, type Weights } from '../../core/weights.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { branchedLogits } from './branched-forward.ts';
import { compileGraph, type CompiledGraph, type GraphFunction } from './graph/compile.ts';
import { byWholeBatch } from './whole-batch.ts';

/** A forward pass of one kind and size of batch. */
interface Pass {
  graph: CompiledGraph;
  /** Does the graph have the weights that were loaded last? */
  isCurrent: boolean;
  /** Of the statistics, what the tensors are: layer and count, in the order of the outputs. */
  norms: Pick<BatchStatistics, 'layer' | 'count'>[];
}
type Kind = 'logits' | 'statistics';

/** Its methods throw an Error, and no StarsseError, for what cannot be recorded or loaded. */
export function tracedRunner(network: NetworkSpec, normalization: Normalization): Runner {
  const passes = new Map<string, Pass>();
  let held: Weights | null = null;
  /** Images of the largest batch whose logits were asked for. */
  let largest = 0;
  const { network: evaluated, fold } = foldedOf(network);

  /** The evaluation needs the folded weights, which are smaller by the batch norms; the statistics the network's own. */
  const given = (kind: Kind, weights: Weights): { weights: Weights; dispose(): void } => {
    if (kind === 'statistics') return { weights, dispose: () => undefined };
    const folded = fold(weights);
    return { weights: folded, dispose: () => disposeTensors(folded) };
  };
  const passOf = (kind: Kind, pixels: Pixels): Pass => {
    if (held === null) throw new StarsseError('internal', `no weights of ${network.name} were loaded`);
    const isBytes = pixels.data instanceof Uint8Array;
    const key = `${kind} ${isBytes ? 'bytes' : 'floats'} ${pixels.shape.join('x')}`;
    let pass = passes.get(key);
    if (pass?.isCurrent) return pass;
    const own = given(kind, held);
    try {
      if (pass === undefined) {
        const norms: Pass['norms'] = [];
        const form = isBytes ? normalization : null;
        const run = kind === 'logits' ? logitsOf(evaluated, pixels.shape, form) : statisticsOf(network, pixels.shape, form, norms);
        pass = { graph: compileGraph(currentBackend() as NodeJSKernelBackend, own.weights, { pass: run }), isCurrent: true, norms };
        passes.set(key, pass);
      } else {
        pass.graph.write(own.weights);
        pass.isCurrent = true;
      }
    } finally {
      own.dispose();
    }
    return pass;
  };
  const call = (pass: Pass, pixels: Pixels): Tensor[] => {
    const images = upload(pixels);
    try {
      return pass.graph.call('pass', [images]);
    } finally {
      images.dispose();
    }
  };
  return {
    network,
    normalization,
    load(weights) {
      const copied = new Map(Array.from(weights, ([name, tensor]) => [name, tensor.clone()]));
      if (held !== null) disposeTensors(held);
      held = copied;
      for (const pass of passes.values()) pass.isCurrent = false;
    },
    logits(pixels) {
      largest = Math.max(largest, pixels.shape[0]);
      return byWholeBatch(pixels, largest, (whole) => call(passOf('logits', whole), whole)[0] as Tensor2D);
    },
    statistics(pixels) {
      if (!hasBatchNorm(network)) return [];
      const pass = passOf('statistics', pixels);
      const outputs = call(pass, pixels);
      return pass.norms.map((norm, index) => ({ ...norm, mean: outputs[2 * index], variance: outputs[2 * index + 1] }));
    },
    close() {
      if (held !== null) disposeTensors(held);
      held = null;
      for (const { graph } of passes.values()) graph.close();
      passes.clear();
    },
  };
}

function imagesOf(shape: Pixels['shape'], normalization: Normalization | null): GraphFunction['inputs'] {
  return [normalization === null ? shape : { bytes: shape }];
}

/** @param network folded */
function logitsOf(network: NetworkSpec, shape: Pixels['shape'], normalization: Normalization | null): GraphFunction {
  return {
    inputs: imagesOf(shape, normalization),
    run: (weights, [images]) => ({ outputs: [branchedLogits(network, weights, normalisedOnDevice(images, shape, normalization))], updates: new Map() }),
  };
}

/** @param norms takes what the outputs are */
function statisticsOf(network: NetworkSpec, shape: Pixels['shape'], normalization: Normalization | null, norms: Pass['norms']): GraphFunction {
  return {
    inputs: imagesOf(shape, normalization),
    run(weights, [images]) {
      const { statistics } = forward(network, weights, normalisedOnDevice(images, shape, normalization), { training: true, noise: null });
      norms.push(...statistics.map(({ layer, count }) => ({ layer, count })));
      return { outputs: statistics.flatMap(({ mean, variance }) => [mean, variance]), updates: new Map() };
    },
  };
}
