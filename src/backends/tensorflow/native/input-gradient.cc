#include <algorithm>
#include <vector>

#include "kernels.h"
#include "threads.h"
#include "vectors.h"

namespace starsse {
namespace {

/** Most places of a tile; with two vectors each their sums fill twelve registers. */
constexpr int64_t MOST_PLACES = 6;

/** What one tap of the filter gives to a row of places: where their numbers are, and the tap's [out, in]. */
struct Tap {
  const float* after;
  const float* filter;
};

/** COUNT places, `apart` numbers from each other, by VECTORS vectors of channels: the sum over all taps. */
template <int COUNT, int VECTORS>
void tile(const std::vector<Tap>& taps, int64_t place, int64_t channel, const Convolution& c, float* gradient, int64_t apart) {
  Vector sums[COUNT][VECTORS] = {};
  for (const Tap& tap : taps) {
    const float* a = tap.after + place * c.out;
    const float* b = tap.filter + channel;
    for (int64_t out = 0; out < c.out; out++, b += c.in) {
      Vector right[VECTORS];
      for (int j = 0; j < VECTORS; j++) right[j] = load(b + j * LANES);
      for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < VECTORS; j++) sums[i][j] += a[i * c.out + out] * right[j];
    }
  }
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < VECTORS; j++) store(gradient + (place + i) * apart + channel + j * LANES, sums[i][j]);
}

template <int VECTORS>
void places(int64_t count, const std::vector<Tap>& taps, int64_t place, int64_t channel, const Convolution& c, float* gradient, int64_t apart) {
  switch (count) {
    case 6: return tile<6, VECTORS>(taps, place, channel, c, gradient, apart);
    case 5: return tile<5, VECTORS>(taps, place, channel, c, gradient, apart);
    case 4: return tile<4, VECTORS>(taps, place, channel, c, gradient, apart);
    case 3: return tile<3, VECTORS>(taps, place, channel, c, gradient, apart);
    case 2: return tile<2, VECTORS>(taps, place, channel, c, gradient, apart);
    case 1: return tile<1, VECTORS>(taps, place, channel, c, gradient, apart);
  }
}

/** [filterHeight, filterWidth, in, out] -> [filterHeight, filterWidth, out, in]. */
std::vector<float> turned(const float* filter, const Convolution& c) {
  std::vector<float> result(c.filterHeight * c.filterWidth * c.in * c.out);
  for (int64_t tap = 0; tap < c.filterHeight * c.filterWidth; tap++)
    for (int64_t in = 0; in < c.in; in++)
      for (int64_t out = 0; out < c.out; out++) result[(tap * c.out + out) * c.in + in] = filter[(tap * c.in + in) * c.out + out];
  return result;
}

/** Places of dy that are looked at before its first one and behind its last, of one axis; zeros are there. */
struct Margin {
  int64_t before, length;
};

Margin marginOf(int64_t length, int64_t outLength, int64_t filter, int64_t stride, int64_t pad) {
  const int64_t before = std::max<int64_t>((filter - 1 - pad + stride - 1) / stride, 0);
  return {before, before + std::max(outLength, (length - 1 + pad) / stride + 1)};
}

}  // namespace

void inputGradient(const float* filter, const float* dy, const Convolution& c, float* gradient) {
  const std::vector<float> taps = turned(filter, c);
  const Margin down = marginOf(c.height, c.outHeight, c.filterHeight, c.stride, c.top), across = marginOf(c.width, c.outWidth, c.filterWidth, c.stride, c.left);
  const int64_t parts = std::min<int64_t>(c.count, PARTS);
  inParallel(parts, [&](int64_t part) {
    std::vector<float> after(down.length * across.length * c.out);
    std::vector<Tap> reached;
    for (int64_t n = part * c.count / parts; n < (part + 1) * c.count / parts; n++) {
      for (int64_t row = 0; row < c.outHeight; row++)
        std::copy_n(dy + (n * c.outHeight + row) * c.outWidth * c.out, c.outWidth * c.out, &after[((row + down.before) * across.length + across.before) * c.out]);
      for (int64_t row = 0; row < c.height; row++)
        // Places a stride apart have the same taps.
        for (int64_t first = 0; first < std::min(c.stride, c.width); first++) {
          reached.clear();
          for (int64_t i = (row + c.top) % c.stride; i < c.filterHeight; i += c.stride)
            for (int64_t j = (first + c.left) % c.stride; j < c.filterWidth; j += c.stride) {
              const int64_t outRow = (row + c.top - i) / c.stride + down.before, outColumn = (first + c.left - j) / c.stride + across.before;
              reached.push_back({&after[(outRow * across.length + outColumn) * c.out], &taps[(i * c.filterWidth + j) * c.in * c.out]});
            }
          float* to = gradient + ((n * c.height + row) * c.width + first) * c.in;
          const int64_t count = (c.width - first + c.stride - 1) / c.stride, tiles = (count + MOST_PLACES - 1) / MOST_PLACES;
          for (int64_t each = 0; each < tiles; each++) {
            const int64_t place = each * count / tiles, many = (each + 1) * count / tiles - place;
            int64_t channel = 0;
            for (; channel + 2 * LANES <= c.in; channel += 2 * LANES) places<2>(many, reached, place, channel, c, to, c.stride * c.in);
            if (channel < c.in) places<1>(many, reached, place, channel, c, to, c.stride * c.in);
          }
        }
    }
  });
}

}  // namespace starsse
