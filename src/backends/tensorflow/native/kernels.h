/** Arithmetic of the operations of our own, on plain memory: nothing of TensorFlow is known here. */
#pragma once
#include <cstdint>

namespace starsse {

/** Rows of `channels` numbers. */
struct Rows {
  int64_t rows;
  int64_t channels;
};

/** y, mean and biased variance of x, channels a multiple of 8. With `relu` y is what a relu makes of it; not a number stays not a number. */
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

/** `shrink` is 1 less the learning rate times the decay, `pace` the learning rate times the first moment's correction, `correction` that of the second. */
struct AdamwRates {
  float beta1, rest1, beta2, rest2, correction, epsilon, pace, shrink;
};

/** As `sgd`, of AdamW. */
void adamw(const float* weight, const float* gradient, const float* moment1, const float* moment2, const AdamwRates& rates, bool decays, int64_t size, float* newWeight, float* newMoment1,
           float* newMoment2);

/** Of each row; any number of channels. */
void softmax(const float* x, Rows shape, float* y);

/** y, and mean and biased variance of each row of x; channels a multiple of 8. */
void layerNorm(const float* x, const float* scale, const float* offset, Rows shape, float epsilon, float* y, float* mean, float* variance);

/** dx, dscale and doffset; channels a multiple of 8. */
void layerNormGradient(const float* dy, const float* x, const float* scale, const float* mean, const float* variance, Rows shape, float epsilon, float* dx, float* dscale, float* doffset);

/** x times the share of a normal distribution that lies below it. */
void gelu(const float* x, int64_t size, float* y);

void geluGradient(const float* x, const float* dy, int64_t size, float* dx);

}  // namespace starsse
