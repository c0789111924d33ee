#include "kernels.h"

namespace starsse {

void sgd(const float* weight, const float* gradient, const float* velocity, float rate, const Sgd& rule, int64_t size, float* newWeight, float* newVelocity) {
  for (int64_t i = 0; i < size; i++) {
    const float slope = rule.decay == 0 ? gradient[i] : gradient[i] + weight[i] * rule.decay;
    const float moved = velocity[i] * rule.momentum + slope;
    newVelocity[i] = moved;
    newWeight[i] = weight[i] - (rule.nesterov ? slope + moved * rule.momentum : moved) * rate;
  }
}

}  // namespace starsse
