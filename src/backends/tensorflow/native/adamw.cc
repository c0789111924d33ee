#include <cmath>

#include "kernels.h"

namespace starsse {

void adamw(const float* weight, const float* gradient, const float* moment1, const float* moment2, const AdamwRates& rates, bool decays, int64_t size, float* newWeight, float* newMoment1,
           float* newMoment2) {
  for (int64_t i = 0; i < size; i++) {
    const float first = moment1[i] * rates.beta1 + gradient[i] * rates.rest1;
    const float second = moment2[i] * rates.beta2 + gradient[i] * gradient[i] * rates.rest2;
    const float spread = std::sqrt(second) * rates.correction + rates.epsilon;
    newMoment1[i] = first;
    newMoment2[i] = second;
    newWeight[i] = (decays ? weight[i] * rates.shrink : weight[i]) - first / spread * rates.pace;
  }
}

}  // namespace starsse
