#include "kernels.h"

namespace starsse {

void sgd(const float* weight, const float* gradient, const float* velocity, const SgdRates& rates, bool decays, bool nesterov, int64_t size, float* newWeight, float* newVelocity) {
  for (int64_t i = 0; i < size; i++) {
    const float slope = decays ? gradient[i] - weight[i] * rates.minusDecay : gradient[i];
    const float moved = velocity[i] * rates.momentum + slope;
    newVelocity[i] = moved;
    newWeight[i] = weight[i] - (nesterov ? slope + moved * rates.momentum : moved) * rates.learning;
  }
}

}  // namespace starsse
