/**
 * The kernels of core/transformer-kernels.ts out of stock operations. Nothing here is differentiated: a kernel has no tape.
 * Rows of a layer norm are read as a matrix, since broadcasting is fast there on every back end.
 */
import {
  add, concat, erf, exp, getKernel, matMul, mean, mul, registerKernel, reshape, rsqrt, slice, softmax, square, sub, sum, tidy, transpose,
  type NamedTensorInfoMap, type Tensor,
} from '@tensorflow/tfjs-core';

interface Attrs {
  epsilon: number;
  heads: number;
  groups: number;
}
type Inputs = Record<string, Tensor>;

const KERNELS: Record<string, (inputs: Inputs, attrs: Attrs) => Tensor | Tensor[]> = {
  LayerNorm: layerNorm,
  LayerNormGrad: layerNormGrad,
  Gelu: gelu,
  GeluGrad: geluGrad,
  Attention: attention,
  AttentionGrad: attentionGrad,
};

/** Registers those of them that the back end has no form of its own for; a second call changes nothing. */
export function registerComposedTransformerKernels(backendName: string): void {
  for (const [kernelName, run] of Object.entries(KERNELS)) {
    if (getKernel(kernelName, backendName)) continue;
    registerKernel({
      kernelName,
      backendName,
      // The engine always passes whole tensors to a kernel, though its type promises less.
      kernelFunc: ({ inputs, attrs }) => tidy(() => run(inputs as NamedTensorInfoMap as Inputs, attrs as unknown as Attrs)),
    });
  }
}

/** y = (x - mean) / sqrt(variance + epsilon) * scale + offset, mean and biased variance [rows, 1] (Ba, Kiros, Hinton 2016). */
function layerNorm({ x, scale, offset }: Inputs, { epsilon }: Attrs): Tensor[] {
  const rows = asRows(x);
  const average = mean(rows, 1, true);
  const centred = sub(rows, average);
  const variance = mean(square(centred), 1, true);
  const y = add(mul(mul(centred, rsqrt(add(variance, epsilon))), scale), offset);
  return [reshape(y, x.shape), average, variance];
}

/**
 * With r = 1 / sqrt(variance + epsilon), xhat = (x - mean) r and g = dy scale, by rows:
 * dx = r (g - mean(g) - xhat mean(g xhat)), dscale = sum(dy xhat), doffset = sum(dy).
 */
function layerNormGrad({ x, dy, scale, mean: average, variance }: Inputs, { epsilon }: Attrs): Tensor[] {
  const r = rsqrt(add(variance, epsilon)); // [rows, 1]
  const xhat = mul(sub(asRows(x), average), r);
  const upper = asRows(dy);
  const g = mul(upper, scale);
  const inner = sub(sub(g, mean(g, 1, true)), mul(xhat, mean(mul(g, xhat), 1, true)));
  return [reshape(mul(inner, r), x.shape), sum(mul(upper, xhat), 0), sum(upper, 0)];
}

/** x Phi(x), Phi(x) = (1 + erf(x / sqrt 2)) / 2. */
function gelu({ x }: Inputs): Tensor {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** dx = dy (Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)). */
function geluGrad({ x, dy }: Inputs): Tensor {
  const phi = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  return mul(dy, add(distribution, mul(x, phi)));
}

/** softmax(q k' / sqrt(d) + bias) v, head by head; and the softmax [n, heads, tokens, tokens]. */
function attention({ qkv, bias }: Inputs, { heads, groups }: Attrs): Tensor[] {
  const [q, k, v] = split(qkv, heads);
  const products = matMul(mul(q, 1 / Math.sqrt(q.shape[q.rank - 1])), k, false, true); // [n, heads, tokens, tokens]
  const scores = groups === 0 ? products : reshape(add(reshape(products, [-1, bias.size]), reshape(bias, [bias.size])), products.shape);
  const weights = softmax(scores);
  return [join(matMul(weights, v)), weights];
}

/**
 * With P = softmax(S), Y = P V: dV = P' dY, dP = dY V', and dS = P (dP - rowsum(dP P)), where rowsum(dP P) = rowsum(dY Y)
 * (Dao et al. 2022), the cheaper sum.
 */
function attentionGrad({ qkv, weights, y, dy }: Inputs, { heads, groups }: Attrs): Tensor[] {
  const [q, k, v] = split(qkv, heads);
  const [batch, , tokens, channels] = q.shape;
  const scale = 1 / Math.sqrt(channels);
  const upper = transpose(reshape(dy, [batch, tokens, heads, channels]), [0, 2, 1, 3]);
  const sums = transpose(sum(reshape(mul(dy, y), [batch, tokens, heads, channels]), 3), [0, 2, 1]); // [n, heads, tokens]
  const dWeights = matMul(upper, v, false, true);
  const dScores = mul(weights, sub(dWeights, reshape(sums, [batch, heads, tokens, 1])));
  const dScaled = mul(dScores, scale);
  const parts = concat([matMul(dScaled, k), matMul(dScaled, q, true, false), matMul(weights, upper, true, false)], 1); // [n, 3 x heads, tokens, d]
  const dqkv = join(parts);
  return groups === 0 ? [dqkv] : [dqkv, reshape(sum(reshape(dScores, [batch / groups, -1]), 0), [groups, heads, tokens, tokens])];
}

/** [n, tokens, 3 x channels] -> queries, keys and values [n, heads, tokens, d]. */
function split(qkv: Tensor, heads: number): Tensor[] {
  const [batch, tokens, width] = qkv.shape;
  const channels = width / 3 / heads;
  const parts = transpose(reshape(qkv, [batch, tokens, 3 * heads, channels]), [0, 2, 1, 3]);
  return [0, 1, 2].map((part) => slice(parts, [0, part * heads, 0, 0], [batch, heads, tokens, channels]));
}

/** [n, heads, tokens, d] -> [n, tokens, heads x d]. */
function join(x: Tensor): Tensor {
  const [batch, heads, tokens, channels] = x.shape;
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, tokens, heads * channels]);
}

function asRows(x: Tensor): Tensor {
  return x.rank === 2 ? x : reshape(x, [-1, x.shape[x.rank - 1]]);
}
