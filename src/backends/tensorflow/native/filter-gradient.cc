#include <algorithm>
#include <vector>

#include "kernels.h"
#include "threads.h"
#include "vectors.h"

namespace starsse {
namespace {

/** What of an image and of the gradient behind it is looked at together stays near the processor. */
constexpr int64_t NEAR_BYTES = 40 * 1024;

/** Rows and steps of what a tile sums over. */
struct Walk {
  int64_t rows, columns;
  int64_t rowStep, columnStep;        // of the image
  int64_t rowStepAfter, columnStepAfter;  // of the gradient behind it
};

/** `count` rows of the filter by VECTORS vectors of its columns: the sum of outer products over all places of the walk. */
template <int COUNT, int VECTORS>
void addTile(const float* image, const float* after, const Walk& walk, float* gradient, int64_t out) {
  Vector sums[COUNT][VECTORS] = {};
  for (int64_t row = 0; row < walk.rows; row++) {
    const float* a = image + row * walk.rowStep;
    const float* b = after + row * walk.rowStepAfter;
    for (int64_t column = 0; column < walk.columns; column++, a += walk.columnStep, b += walk.columnStepAfter) {
      Vector right[VECTORS];
      for (int j = 0; j < VECTORS; j++) right[j] = load(b + j * LANES);
      for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < VECTORS; j++) sums[i][j] += a[i] * right[j];
    }
  }
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < VECTORS; j++) {
      float* place = gradient + i * out + j * LANES;
      store(place, load(place) + sums[i][j]);
    }
}

template <int VECTORS>
void addRows(int64_t count, const float* image, const float* after, const Walk& walk, float* gradient, int64_t out) {
  for (; count >= 6; count -= 6, image += 6, gradient += 6 * out) addTile<6, VECTORS>(image, after, walk, gradient, out);
  switch (count) {
    case 5: return addTile<5, VECTORS>(image, after, walk, gradient, out);
    case 4: return addTile<4, VECTORS>(image, after, walk, gradient, out);
    case 3: return addTile<3, VECTORS>(image, after, walk, gradient, out);
    case 2: return addTile<2, VECTORS>(image, after, walk, gradient, out);
    case 1: return addTile<1, VECTORS>(image, after, walk, gradient, out);
  }
}

/** Adds what images first..last-1 give. */
void addImages(const float* x, const float* dy, const Convolution& c, int64_t first, int64_t last, float* gradient) {
  // The image as far as the filter reaches, with its zeros. Of one row, what lies under the filter is `filterWidth x in` numbers in a row.
  const int64_t height = (c.outHeight - 1) * c.stride + c.filterHeight, width = (c.outWidth - 1) * c.stride + c.filterWidth;
  std::vector<float> padded(height * width * c.in);
  const int64_t rowsCopied = std::min(c.height, height - c.top), columnsCopied = std::min(c.width, width - c.left);
  const int64_t rowBytes = sizeof(float) * (c.outWidth * c.out + c.stride * width * c.in);
  const int64_t near = std::clamp<int64_t>(NEAR_BYTES / rowBytes, 1, c.outHeight);
  const int64_t window = c.filterWidth * c.in;
  for (int64_t n = first; n < last; n++) {
    const float* image = x + n * c.height * c.width * c.in;
    for (int64_t row = 0; row < rowsCopied; row++)
      std::copy_n(image + row * c.width * c.in, columnsCopied * c.in, &padded[((row + c.top) * width + c.left) * c.in]);
    for (int64_t row = 0; row < c.outHeight; row += near) {
      const Walk walk{std::min(near, c.outHeight - row), c.outWidth, c.stride * width * c.in, c.stride * c.in, c.outWidth * c.out, c.out};
      const float* after = dy + (n * c.outHeight + row) * c.outWidth * c.out;
      for (int64_t line = 0; line < c.filterHeight; line++) {
        const float* from = &padded[(row * c.stride + line) * width * c.in];
        float* to = gradient + line * window * c.out;
        int64_t out = 0;
        for (; out + 2 * LANES <= c.out; out += 2 * LANES) addRows<2>(window, from, after + out, walk, to + out, c.out);
        if (out < c.out) addRows<1>(window, from, after + out, walk, to + out, c.out);
      }
    }
  }
}

}  // namespace

void filterGradient(const float* x, const float* dy, const Convolution& c, float* gradient) {
  const int64_t size = c.filterHeight * c.filterWidth * c.in * c.out;
  // As many parts on any number of threads, so that the sums are the same.
  const int64_t parts = std::min<int64_t>(c.count, PARTS);
  std::vector<float> sums(parts * size);
  inParallel(parts, [&](int64_t part) { addImages(x, dy, c, part * c.count / parts, (part + 1) * c.count / parts, &sums[part * size]); });
  for (int64_t i = 0; i < size; i++) {
    float sum = 0;
    for (int64_t part = 0; part < parts; part++) sum += sums[part * size + i];
    gradient[i] = sum;
  }
}

}  // namespace starsse
