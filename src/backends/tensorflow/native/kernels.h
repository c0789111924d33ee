/** Arithmetic of the operations of our own, on plain memory: nothing of TensorFlow is known here. */
#pragma once
#include <cstdint>

namespace starsse {

/** Rows of `channels` numbers, channels a multiple of 8. */
struct Rows {
  int64_t rows;
  int64_t channels;
};

/** y, mean and biased variance of x. With `relu` y is what a relu makes of it; not a number stays not a number. */
void batchNorm(const float* x, const float* scale, const float* offset, Rows shape, float epsilon, bool relu, float* y, float* mean, float* variance);

/** dx, dscale and doffset. Where `y`, the output of a relu behind it, is given, dy counts only where y is above 0. */
void batchNormGradient(const float* dy, const float* y, const float* x, const float* scale, const float* mean, const float* variance, Rows shape, float epsilon,
                       float* dx, float* dscale, float* doffset);

/** A convolution of images [count, height, width, in] to [count, outHeight, outWidth, out], with `top` and `left` zeros before each image. */
struct Convolution {
  int64_t count, height, width, in;
  int64_t outHeight, outWidth, out;
  int64_t filterHeight, filterWidth, stride, top, left;
};

/** The gradient of the filter [filterHeight, filterWidth, in, out], out a multiple of 8. */
void filterGradient(const float* x, const float* dy, const Convolution& shape, float* gradient);

/** The gradient of the images, `in` a multiple of 8. */
void inputGradient(const float* filter, const float* dy, const Convolution& shape, float* gradient);

struct SgdRates {
  float learning, momentum, minusDecay;
};

/** One update of a weight by the rule of core/optimizer.ts, rounded after each of its operations as there. */
void sgd(const float* weight, const float* gradient, const float* velocity, const SgdRates& rates, bool decays, bool nesterov, int64_t size, float* newWeight, float* newVelocity);

}  // namespace starsse
