/** e^x of eight numbers. */
#pragma once
#include <cstdint>

#include "vectors.h"

namespace starsse {

typedef int32_t Whole __attribute__((vector_size(LANES * sizeof(int32_t))));

/** e^x of x <= 0, to two units in the last place, and 0 below -87: x = n ln 2 + r with n whole, 2^n by its exponent and e^r by its series, whose rest is below 1e-8. */
inline Vector exponential(Vector x) {
  const Vector bounded = x < -87.f ? Vector{} - 87.f : x;
  const Vector shifted = bounded * 1.44269504f + 12582912.f;  // 1.5 x 2^23: such a sum has no digits behind the point
  const Vector n = shifted - 12582912.f;
  const Vector r = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
  const Vector series = 1 + r * (1 + r * (1.f / 2 + r * (1.f / 6 + r * (1.f / 24 + r * (1.f / 120 + r * (1.f / 720 + r * (1.f / 5040)))))));
  const Vector power = (Vector)((__builtin_convertvector(n, Whole) + 127) << 23);
  return (Vector)((Whole)(series * power) & ~(x < -87.f));
}

}  // namespace starsse
