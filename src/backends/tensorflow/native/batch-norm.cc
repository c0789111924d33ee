#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "threads.h"
#include "vectors.h"

namespace starsse {
namespace {

/** Channels that are looked at together. */
constexpr int64_t STRIP = 4 * LANES;
/** Rows that are summed in single precision before the sums go on in double. */
constexpr int64_t RUN = 64;

/** Rows of few channels are looked at as fewer rows of as many as a strip has. */
struct View {
  int64_t rows, width, folds;
};

View viewOf(Rows shape) {
  const int64_t folds = STRIP % shape.channels == 0 ? STRIP / shape.channels : 1;
  return shape.rows % folds == 0 ? View{shape.rows / folds, shape.channels * folds, folds} : View{shape.rows, shape.channels, 1};
}

std::vector<float> repeated(const float* values, int64_t channels, int64_t folds) {
  std::vector<float> all(channels * folds);
  for (int64_t fold = 0; fold < folds; fold++) std::copy_n(values, channels, &all[fold * channels]);
  return all;
}

/** Of rows from everywhere. */
std::vector<float> meanOfSome(const float* x, Rows shape) {
  const auto [rows, channels] = shape;
  const int64_t count = std::min<int64_t>(rows, 32);
  std::vector<float> mean(channels);
  for (int64_t each = 0; each < count; each++)
    for (int64_t c = 0; c < channels; c++) mean[c] += x[each * rows / count * channels + c] / count;
  return mean;
}

/** Calls run(VECTORS constant, first column, first row, end row) for each strip of each run of rows of a part. */
template <typename Run>
void forStrips(View view, int64_t part, Run run) {
  const int64_t end = (part + 1) * view.rows / PARTS;
  for (int64_t first = part * view.rows / PARTS; first < end; first += RUN) {
    const int64_t last = std::min(first + RUN, end);
    int64_t column = 0;
    for (; column + STRIP <= view.width; column += STRIP) run(std::integral_constant<int, 4>(), column, first, last);
    switch ((view.width - column) / LANES) {
      case 3: run(std::integral_constant<int, 3>(), column, first, last); break;
      case 2: run(std::integral_constant<int, 2>(), column, first, last); break;
      case 1: run(std::integral_constant<int, 1>(), column, first, last); break;
    }
  }
}

/** Two sums of each channel over all rows, [channels] each; the same on any number of threads. `terms(place, j, first, second)` adds those of vector j of a strip. */
template <typename MakeTerms>
void sumChannels(View view, int64_t channels, MakeTerms termsAt, double* sums, double* others) {
  std::vector<double> partial(PARTS * 2 * view.width);
  inParallel(PARTS, [&](int64_t part) {
    double *left = &partial[part * 2 * view.width], *right = left + view.width;
    forStrips(view, part, [&](auto vectors, int64_t column, int64_t first, int64_t last) {
      const auto terms = termsAt(vectors, column);
      Vector a[vectors] = {}, b[vectors] = {};
      for (int64_t row = first; row < last; row++)
        for (int j = 0; j < vectors; j++) terms(row * view.width + column, j, a[j], b[j]);
      for (int j = 0; j < vectors; j++)
        for (int lane = 0; lane < LANES; lane++) {
          left[column + j * LANES + lane] += a[j][lane];
          right[column + j * LANES + lane] += b[j][lane];
        }
    });
  });
  std::fill_n(sums, channels, 0);
  std::fill_n(others, channels, 0);
  for (int64_t part = 0; part < PARTS; part++)
    for (int64_t column = 0; column < view.width; column++) {
      sums[column % channels] += partial[part * 2 * view.width + column];
      others[column % channels] += partial[(part * 2 + 1) * view.width + column];
    }
}

/** Calls each(place, j) for vector j of all strips of all rows. */
template <typename MakeEach>
void forPlaces(View view, MakeEach eachAt) {
  inParallel(PARTS, [&](int64_t part) {
    forStrips(view, part, [&](auto vectors, int64_t column, int64_t first, int64_t last) {
      const auto each = eachAt(vectors, column);
      for (int64_t row = first; row < last; row++)
        for (int j = 0; j < vectors; j++) each(row * view.width + column, j);
    });
  });
}

/** Some vectors of a strip, by value so that they stay in registers. */
template <int VECTORS>
struct Strip {
  Vector at[VECTORS];
  explicit Strip(const float* from) {
    for (int j = 0; j < VECTORS; j++) at[j] = load(from + j * LANES);
  }
};

}  // namespace

void batchNorm(const float* x, const float* scale, const float* offset, Rows shape, float epsilon, bool relu, float* y, float* mean, float* variance) {
  const auto [rows, channels] = shape;
  const View view = viewOf(shape);
  // Sums of distances from something near the mean, whose square would eat the variance.
  const std::vector<float> centre = meanOfSome(x, shape), near = repeated(centre.data(), channels, view.folds);
  std::vector<double> sums(channels), squares(channels);
  sumChannels(view, channels, [&](auto vectors, int64_t column) {
    return [x, strip = Strip<vectors>(&near[column])](int64_t place, int j, Vector& sum, Vector& square) {
      const Vector distance = load(x + place + j * LANES) - strip.at[j];
      sum += distance;
      square += distance * distance;
    };
  }, sums.data(), squares.data());
  std::vector<float> factor(channels);
  for (int64_t c = 0; c < channels; c++) {
    const double distance = sums[c] / rows;
    mean[c] = centre[c] + distance;
    variance[c] = std::max(squares[c] / rows - distance * distance, 0.0);
    factor[c] = scale[c] / std::sqrt(variance[c] + epsilon);
  }
  const std::vector<float> means = repeated(mean, channels, view.folds), factors = repeated(factor.data(), channels, view.folds), offsets = repeated(offset, channels, view.folds);
  const auto normalize = [&](auto activation) {
    forPlaces(view, [&](auto vectors, int64_t column) {
      return [x, y, activation, m = Strip<vectors>(&means[column]), a = Strip<vectors>(&factors[column]), b = Strip<vectors>(&offsets[column])](int64_t place, int j) {
        store(y + place + j * LANES, activation((load(x + place + j * LANES) - m.at[j]) * a.at[j] + b.at[j]));
      };
    });
  };
  if (relu) normalize([](Vector value) { return value < 0 ? Vector{} : value; });
  else normalize([](Vector value) { return value; });
}

void batchNormGradient(const float* dy, const float* y, const float* x, const float* scale, const float* mean, const float* variance, Rows shape, float epsilon,
                       float* dx, float* dscale, float* doffset) {
  const auto [rows, channels] = shape;
  const View view = viewOf(shape);
  const std::vector<float> means = repeated(mean, channels, view.folds);
  const auto withSlopes = [&](auto slope) {
    std::vector<double> sums(channels), products(channels);
    sumChannels(view, channels, [&](auto vectors, int64_t column) {
      return [x, slope, strip = Strip<vectors>(&means[column])](int64_t place, int j, Vector& sum, Vector& product) {
        const Vector g = slope(place + j * LANES);
        sum += g;
        product += g * (load(x + place + j * LANES) - strip.at[j]);
      };
    }, sums.data(), products.data());
    // dx = factor (dy - mean of dy - (x - mean) tilt); what is near to each other is taken away first.
    std::vector<float> factor(channels), average(channels), tilt(channels);
    for (int64_t c = 0; c < channels; c++) {
      const double inverse = 1 / std::sqrt(double(variance[c]) + epsilon);
      dscale[c] = products[c] * inverse;
      doffset[c] = sums[c];
      factor[c] = scale[c] * inverse;
      average[c] = sums[c] / rows;
      tilt[c] = inverse * inverse * products[c] / rows;
    }
    const std::vector<float> factors = repeated(factor.data(), channels, view.folds), averages = repeated(average.data(), channels, view.folds), tilts = repeated(tilt.data(), channels, view.folds);
    forPlaces(view, [&](auto vectors, int64_t column) {
      return [x, dx, slope, m = Strip<vectors>(&means[column]), f = Strip<vectors>(&factors[column]), a = Strip<vectors>(&averages[column]), t = Strip<vectors>(&tilts[column])](int64_t place, int j) {
        const Vector distance = load(x + place + j * LANES) - m.at[j];
        store(dx + place + j * LANES, f.at[j] * ((slope(place + j * LANES) - a.at[j]) - distance * t.at[j]));
      };
    });
  };
  if (y == nullptr) withSlopes([dy](int64_t place) { return load(dy + place); });
  else withSlopes([dy, y](int64_t place) { return load(y + place) > 0 ? load(dy + place) : Vector{}; });
}

}  // namespace starsse
