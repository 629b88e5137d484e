// The reference of the splines: one scalar loop each, element by element, straight from the B-spline weights.

#include "spline.h"

/// The segment that x lies in, or the nearest one, and where in it: from 0 to 1, beyond at the ends.
static inline int segment(ck_spline spline, float x, float *position) {
  float t = (x - spline.low) * (1 / spline.step);
  // Comparisons with NaN are false: it gets a segment, and stays NaN in the position.
  int index = t > 0 ? (t < (float)(spline.knots - 2) ? (int)t : spline.knots - 2) : 0;
  *position = t - (float)index;
  return index;
}

/// Weights of the four coefficients of a cubic segment: those of the value, and of the derivative by the position.
static inline void cubic(float u, float value[4], float slope[4]) {
  // Beyond the ends, the value is that of the end plus the end's slope times the distance.
  float v = u < 0 ? 0 : u > 1 ? 1 : u;
  float beyond = u - v;
  float w = 1 - v;
  slope[0] = -0.5f * w * w;
  slope[1] = 0.5f * v * (3 * v - 4);
  slope[2] = 0.5f * (1 + v * (2 - 3 * v));
  slope[3] = 0.5f * v * v;
  value[0] = w * w * w * (1 / 6.0f) + beyond * slope[0];
  value[1] = (4 + v * v * (3 * v - 6)) * (1 / 6.0f) + beyond * slope[1];
  value[2] = (1 + v * (3 + v * (3 - 3 * v))) * (1 / 6.0f) + beyond * slope[2];
  value[3] = v * v * v * (1 / 6.0f) + beyond * slope[3];
}

static void value(
  ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *x, float *y,
  const float *coefficients, float *memory) {
  (void)memory;
  ptrdiff_t sets = sharing.sets;
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t unit = 0; unit < units; unit++) {
      ptrdiff_t element = row * units + unit;
      float u;
      int index = segment(spline, x[element], &u);
      const float *c = coefficients + index * sets + row * sharing.per_row + unit * sharing.per_unit;
      if (spline.order == 1) {
        y[element] = c[0] + u * (c[sets] - c[0]);
      } else {
        float value[4], slope[4];
        cubic(u, value, slope);
        y[element] = value[0] * c[0] + value[1] * c[sets] + value[2] * c[2 * sets] + value[3] * c[3 * sets];
        if (u != u) y[element] = u;
      }
    }
  }
}

static void gradient(
  ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *x, const float *dy,
  float *dx, const float *coefficients, float *gradients, float *memory) {
  (void)memory;
  ptrdiff_t sets = sharing.sets;
  float per_step = 1 / spline.step;
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t unit = 0; unit < units; unit++) {
      ptrdiff_t element = row * units + unit;
      float u;
      int index = segment(spline, x[element], &u);
      ptrdiff_t first = index * sets + row * sharing.per_row + unit * sharing.per_unit;
      const float *c = coefficients + first;
      float *sum = gradients ? gradients + first : NULL;
      float upstream = dy[element];
      if (spline.order == 1) {
        if (sum) sum[0] += upstream * (1 - u);
        if (sum) sum[sets] += upstream * u;
        dx[element] = upstream * (c[sets] - c[0]) * per_step;
      } else {
        float value[4], slope[4];
        cubic(u, value, slope);
        float derivative = 0;
        for (int k = 0; k < 4; k++) {
          if (sum) sum[k * sets] += upstream * value[k];
          derivative += slope[k] * c[k * sets];
        }
        dx[element] = upstream * derivative * per_step;
      }
    }
  }
}

static const ck_splines reference = {value, gradient};

const ck_splines *ck_splines_reference(void) { return &reference; }
