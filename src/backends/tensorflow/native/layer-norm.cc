#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "threads.h"
#include "vectors.h"

namespace starsse {
namespace {

/** Rows whose gradients of scale and offset are summed in single precision before the sums go on in double. */
constexpr int64_t RUN = 64;

}  // namespace

void layerNorm(const float* x, const float* scale, const float* offset, Rows shape, float epsilon, float* y, float* mean, float* variance) {
  const auto [rows, channels] = shape;
  inParallel(PARTS, [=, rows = rows, channels = channels](int64_t part) {
    for (int64_t row = part * rows / PARTS; row < (part + 1) * rows / PARTS; row++) {
      const float* from = x + row * channels;
      float* to = y + row * channels;
      Vector sum{}, squares{};
      for (int64_t c = 0; c < channels; c += LANES) sum += load(from + c);
      const float average = mean[row] = sumOf(sum) / channels;
      for (int64_t c = 0; c < channels; c += LANES) {
        const Vector distance = load(from + c) - average;
        squares += distance * distance;
      }
      variance[row] = sumOf(squares) / channels;
      const float factor = 1 / std::sqrt(variance[row] + epsilon);
      for (int64_t c = 0; c < channels; c += LANES) store(to + c, (load(from + c) - average) * factor * load(scale + c) + load(offset + c));
    }
  });
}

void layerNormGradient(const float* dy, const float* x, const float* scale, const float* mean, const float* variance, Rows shape, float epsilon, float* dx, float* dscale, float* doffset) {
  const auto [rows, channels] = shape;
  std::vector<double> sums(PARTS * 2 * channels);
  inParallel(PARTS, [&, rows = rows, channels = channels](int64_t part) {
    std::vector<float> run(2 * channels);
    float *ofScale = run.data(), *ofOffset = ofScale + channels;
    const int64_t end = (part + 1) * rows / PARTS;
    for (int64_t first = part * rows / PARTS; first < end; first += RUN) {
      std::fill(run.begin(), run.end(), 0);
      for (int64_t row = first; row < std::min(first + RUN, end); row++) {
        const float *upper = dy + row * channels, *from = x + row * channels;
        float* to = dx + row * channels;
        const float average = mean[row], factor = 1 / std::sqrt(variance[row] + epsilon);
        Vector slopes{}, products{};
        for (int64_t c = 0; c < channels; c += LANES) {
          const Vector slope = load(upper + c), normal = (load(from + c) - average) * factor, product = slope * normal;
          store(ofScale + c, load(ofScale + c) + product);
          store(ofOffset + c, load(ofOffset + c) + slope);
          slopes += slope * load(scale + c);
          products += product * load(scale + c);
        }
        const float slope = sumOf(slopes) / channels, product = sumOf(products) / channels;
        for (int64_t c = 0; c < channels; c += LANES) {
          const Vector normal = (load(from + c) - average) * factor;
          store(to + c, (load(upper + c) * load(scale + c) - slope - normal * product) * factor);
        }
      }
      for (int64_t place = 0; place < 2 * channels; place++) sums[part * 2 * channels + place] += run[place];
    }
  });
  for (int64_t c = 0; c < channels; c++) {
    double ofScale = 0, ofOffset = 0;
    for (int64_t part = 0; part < PARTS; part++) {
      ofScale += sums[part * 2 * channels + c];
      ofOffset += sums[(part * 2 + 1) * channels + c];
    }
    dscale[c] = ofScale;
    doffset[c] = ofOffset;
  }
}

}  // namespace starsse
