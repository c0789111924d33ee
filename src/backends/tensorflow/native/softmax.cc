#include <limits>

#include "exponential.h"
#include "kernels.h"
#include "threads.h"
#include "vectors.h"

namespace starsse {
namespace {

/** What the lanes behind the end of a row hold: it is never the largest, and adds nothing. */
const Vector NOTHING = Vector{} - std::numeric_limits<float>::infinity();

void softmaxRow(const float* x, int64_t columns, float* y) {
  const int64_t rest = columns % LANES, whole = columns - rest;
  Vector most = loadSome(x + whole, rest, NOTHING);
  for (int64_t c = 0; c < whole; c += LANES) {
    const Vector value = load(x + c);
    most = value > most ? value : most;
  }
  float largest = most[0];
  for (int lane = 1; lane < LANES; lane++) largest = most[lane] > largest ? most[lane] : largest;
  Vector sums{};
  for (int64_t c = 0; c < whole; c += LANES) {
    const Vector value = exponential(load(x + c) - largest);
    sums += value;
    store(y + c, value);
  }
  const Vector last = exponential(loadSome(x + whole, rest, NOTHING) - largest);
  const float share = 1 / sumOf(sums + last);
  for (int64_t c = 0; c < whole; c += LANES) store(y + c, load(y + c) * share);
  storeSome(y + whole, rest, last * share);
}

}  // namespace

void softmax(const float* x, Rows shape, float* y) {
  inParallel(PARTS, [&](int64_t part) {
    for (int64_t row = part * shape.rows / PARTS; row < (part + 1) * shape.rows / PARTS; row++) softmaxRow(x + row * shape.channels, shape.channels, y + row * shape.channels);
  });
}

}  // namespace starsse
