// The elementwise table of one instruction set: every loop is whole vectors and one partial one, with the same bits.
//
// Two vectors at a time share the constants of a function, and one's work fills the other's waits.

#define UNARY(name, expression)                                        \
  INLINE vf name##_of_vector(vf x) { return (expression); }            \
  static void name##_all(float *y, const float *v, size_t n) {         \
    size_t i = 0;                                                      \
    for (; n - i >= 2 * LANES; i += 2 * LANES) {                       \
      const vf first = name##_of_vector(load(v + i));                  \
      const vf second = name##_of_vector(load(v + i + LANES));         \
      store(y + i, first);                                             \
      store(y + i + LANES, second);                                    \
    }                                                                  \
    for (; i < n; i += LANES) {                                        \
      put(y + i, name##_of_vector(fetch(v + i, n - i)), n - i);        \
    }                                                                  \
  }

typedef struct {
  vf y, z;
} vector_pair;

// Two functions of one operand from what they share.
#define PAIR(name, shared, first, second)                              \
  INLINE vector_pair name##_of_vector(vf x) {                          \
    shared;                                                            \
    return (vector_pair){(first), (second)};                           \
  }                                                                    \
  static void name##_all(float *y, float *z, const float *v, size_t n) { \
    size_t i = 0;                                                      \
    for (; n - i >= 2 * LANES; i += 2 * LANES) {                       \
      const vector_pair one = name##_of_vector(load(v + i));           \
      const vector_pair other = name##_of_vector(load(v + i + LANES)); \
      store(y + i, one.y);                                             \
      store(z + i, one.z);                                             \
      store(y + i + LANES, other.y);                                   \
      store(z + i + LANES, other.z);                                   \
    }                                                                  \
    for (; i < n; i += LANES) {                                        \
      const vector_pair one = name##_of_vector(fetch(v + i, n - i));   \
      put(y + i, one.y, n - i);                                        \
      put(z + i, one.z, n - i);                                        \
    }                                                                  \
  }

#define BINARY(name, expression)                                       \
  static void name##_all(float *y, const float *p, const float *q, size_t n) { \
    for (size_t i = 0; i < n; i += LANES) {                            \
      const vf a = fetch(p + i, n - i), b = fetch(q + i, n - i);       \
      put(y + i, (expression), n - i);                                 \
    }                                                                  \
  }

#define SELECT(name, condition)                                        \
  static void name##_all(float *y, const float *p, const float *q,     \
                         const float *then, const float *otherwise, size_t n) { \
    for (size_t i = 0; i < n; i += LANES) {                            \
      const vf a = fetch(p + i, n - i), b = fetch(q + i, n - i);       \
      const vf yes = fetch(then + i, n - i), no = fetch(otherwise + i, n - i); \
      put(y + i, (condition) ? yes : no, n - i);                       \
    }                                                                  \
  }

UNARY(negate, -x)
UNARY(absolute, magnitude(x))
UNARY(sign, x > 0 ? (vf)1 : x < 0 ? (vf)-1 : x)
UNARY(reciprocal, 1 / x)
UNARY(sqrt, square_root(x))
UNARY(exp, exp_lanes(x))
UNARY(expm1, expm1_lanes(x))
UNARY(log, log_lanes(x))
UNARY(log1p, log1p_lanes(x))
UNARY(sin, sin_lanes(x))
UNARY(cos, cos_lanes(x))
UNARY(tanh, tanh_lanes(x))
UNARY(tanh_slope, tanh_slope_lanes(x))
UNARY(arctan, arctan_lanes(x))
UNARY(asinh, asinh_lanes(x))
UNARY(sigmoid, sigmoid_lanes(x))
UNARY(sigmoid_slope, sigmoid_slope_lanes(x))
UNARY(softplus, softplus_lanes(x))
UNARY(erf, erf_lanes(x))
UNARY(erfc, erfc_lanes(x))

PAIR(sin_and_cos, vi k; const turned angle = turned_by(reduced_by_quarter_turn(magnitude(x), &k)),
     sin_of(x, angle, k), cos_of(x, angle, k))
PAIR(tanh_and_slope, const power_pair e = tanh_power(x), tanh_of(x, e), 4 * slope_of(e.power))
PAIR(sigmoid_and_slope, const vf e = sigmoid_power(x), sigmoid_of(x, e), slope_of(e))

BINARY(add, a + b)
BINARY(subtract, a - b)
BINARY(multiply, a * b)
BINARY(divide, a / b)
BINARY(minimum, ((a < b) | (a != a)) ? a : b)
BINARY(maximum, ((a > b) | (a != a)) ? a : b)
BINARY(power, power_lanes(a, b))
BINARY(scaled, a == 0 ? 0 : a * b)

// a·b + c, but c wherever a is 0.
INLINE vf scaled_add(vf a, vf b, vf c) { return a == 0 ? c : multiply_add(a, b, c); }

static void scaled_add_all(float *y, const float *p, const float *q, const float *r, size_t n) {
  for (size_t i = 0; i < n; i += LANES) {
    put(y + i, scaled_add(fetch(p + i, n - i), fetch(q + i, n - i), fetch(r + i, n - i)), n - i);
  }
}

static void multiply_add_all(float *y, const float *a, const float *b, const float *c, size_t n) {
  for (size_t i = 0; i < n; i += LANES) {
    put(y + i, multiply_add(fetch(a + i, n - i), fetch(b + i, n - i), fetch(c + i, n - i)), n - i);
  }
}

SELECT(select_less, a < b)
SELECT(select_less_or_equal, a <= b)

static const ck_elementwise elementwise = {
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
