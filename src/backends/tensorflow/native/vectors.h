/** Eight numbers at once, by the vector types of GCC and Clang: AVX2 or two registers of NEON, as the compiler is told. */
#pragma once
#include <cstdint>
#include <cstring>

namespace starsse {

constexpr int LANES = 8;
typedef float Vector __attribute__((vector_size(LANES * sizeof(float))));

inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/** `count` numbers, and `filling`, or zeros, in the lanes behind them. */
inline Vector loadSome(const float* from, int64_t count, Vector filling = Vector{}) {
  std::memcpy(&filling, from, count * sizeof(float));
  return filling;
}

inline void store(float* to, Vector value) { std::memcpy(to, &value, sizeof value); }

inline void storeSome(float* to, int64_t count, Vector value) { std::memcpy(to, &value, count * sizeof(float)); }

/** The sum of the lanes, from the first to the last. */
inline float sumOf(Vector value) {
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += value[lane];
  return sum;
}

}  // namespace starsse
