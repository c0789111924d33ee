/** Eight numbers at once, by the vector types of GCC and Clang: AVX2 or two registers of NEON, as the compiler is told. */
#pragma once
#include <cstring>

namespace starsse {

constexpr int LANES = 8;
typedef float Vector __attribute__((vector_size(LANES * sizeof(float))));

inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(float* to, Vector value) { std::memcpy(to, &value, sizeof value); }

}  // namespace starsse
