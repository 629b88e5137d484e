// The reference table of elementwise functions: one scalar loop each, in the numerically stable form.
#include "elementwise.h"

#include <math.h>

#define UNARY(name, expression)                                        \
  static void name(float *y, const float *v, size_t n) {               \
    for (size_t i = 0; i < n; i++) {                                   \
      const float x = v[i];                                            \
      y[i] = (expression);                                             \
    }                                                                  \
  }

#define PAIR(name, first, second)                                      \
  static void name(float *y, float *z, const float *v, size_t n) {     \
    for (size_t i = 0; i < n; i++) {                                   \
      const float x = v[i];                                            \
      y[i] = (first);                                                  \
      z[i] = (second);                                                 \
    }                                                                  \
  }

#define BINARY(name, expression)                                       \
  static void name(float *y, const float *p, const float *q, size_t n) { \
    for (size_t i = 0; i < n; i++) {                                   \
      const float a = p[i], b = q[i];                                  \
      y[i] = (expression);                                             \
    }                                                                  \
  }

#define SELECT(name, condition)                                        \
  static void name(float *y, const float *p, const float *q,           \
                   const float *then, const float *otherwise, size_t n) { \
    for (size_t i = 0; i < n; i++) {                                   \
      const float a = p[i], b = q[i];                                  \
      y[i] = (condition) ? then[i] : otherwise[i];                     \
    }                                                                  \
  }

static inline float sigmoid(float x) {
  const float e = expf(-fabsf(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

static inline float sigmoid_slope(float x) {
  const float e = expf(-fabsf(x));
  return e / ((1 + e) * (1 + e));
}

static inline float tanh_slope(float x) { return 4 * sigmoid_slope(2 * x); }

static inline float scaled(float a, float b) { return a == 0 ? 0 : a * b; }

static inline float softplus(float x) {
  return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
}

static inline float sign(float x) {
  return x > 0 ? 1 : x < 0 ? -1 : x;  // zero and NaN are their own sign
}

UNARY(negate_all, -x)
UNARY(absolute_all, fabsf(x))
UNARY(sign_all, sign(x))
UNARY(reciprocal_all, 1 / x)
UNARY(sqrt_all, sqrtf(x))
UNARY(exp_all, expf(x))
UNARY(expm1_all, expm1f(x))
UNARY(log_all, logf(x))
UNARY(log1p_all, log1pf(x))
UNARY(sin_all, sinf(x))
UNARY(cos_all, cosf(x))
UNARY(tanh_all, tanhf(x))
UNARY(tanh_slope_all, tanh_slope(x))
UNARY(arctan_all, atanf(x))
UNARY(asinh_all, asinhf(x))
UNARY(sigmoid_all, sigmoid(x))
UNARY(sigmoid_slope_all, sigmoid_slope(x))
UNARY(softplus_all, softplus(x))
UNARY(erf_all, erff(x))
UNARY(erfc_all, erfcf(x))

PAIR(sin_and_cos_all, sinf(x), cosf(x))
PAIR(tanh_and_slope_all, tanhf(x), tanh_slope(x))
PAIR(sigmoid_and_slope_all, sigmoid(x), sigmoid_slope(x))

BINARY(add_all, a + b)
BINARY(subtract_all, a - b)
BINARY(multiply_all, a * b)
BINARY(divide_all, a / b)
BINARY(minimum_all, a < b || a != a ? a : b)
BINARY(maximum_all, a > b || a != a ? a : b)
BINARY(power_all, powf(a, b))
BINARY(scaled_all, scaled(a, b))

static void multiply_add_all(float *y, const float *a, const float *b, const float *c, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = a[i] * b[i] + c[i];
}

static void scaled_add_all(float *y, const float *a, const float *b, const float *c, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = scaled(a[i], b[i]) + c[i];
}

SELECT(select_less_all, a < b)
SELECT(select_less_or_equal_all, a <= b)

static const ck_elementwise reference = {
    .negate = negate_all,
    .absolute = absolute_all,
    .sign = sign_all,
    .reciprocal = reciprocal_all,
    .sqrt = sqrt_all,
    .exp = exp_all,
    .expm1 = expm1_all,
    .log = log_all,
    .log1p = log1p_all,
    .sin = sin_all,
    .cos = cos_all,
    .tanh = tanh_all,
    .tanh_slope = tanh_slope_all,
    .arctan = arctan_all,
    .asinh = asinh_all,
    .sigmoid = sigmoid_all,
    .sigmoid_slope = sigmoid_slope_all,
    .softplus = softplus_all,
    .erf = erf_all,
    .erfc = erfc_all,
    .sin_and_cos = sin_and_cos_all,
    .tanh_and_slope = tanh_and_slope_all,
    .sigmoid_and_slope = sigmoid_and_slope_all,
    .add = add_all,
    .subtract = subtract_all,
    .multiply = multiply_all,
    .divide = divide_all,
    .minimum = minimum_all,
    .maximum = maximum_all,
    .power = power_all,
    .scaled = scaled_all,
    .multiply_add = multiply_add_all,
    .scaled_add = scaled_add_all,
    .select_less = select_less_all,
    .select_less_or_equal = select_less_or_equal_all,
};

const ck_elementwise *ck_elementwise_reference(void) { return &reference; }
