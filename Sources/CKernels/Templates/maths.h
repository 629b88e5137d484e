// The elementary functions on a vector: range reduction, polynomial, reconstruction, without branches on the lanes.
// Their largest errors stand in elementwise.h.

#include "polynomials.h"

static const float log2_e = 0x1.715476p+0f;
// ln 2 in two parts. The first has 15 bits, so that its product with an exponent is exact without fusing.
static const float ln2_high = 0x1.62e4p-1f, ln2_low = 0x1.7f7d1cp-20f;

// Adding this leaves the nearest integer in the low bits of the sum, for magnitudes below 2^22.
static const float to_integer = 0x1.8p+23f;

// m·2^k for m near 1, rounded once, subnormal results included.
INLINE vf scaled_by_exponent(vf m, vi k) {
#if LANES == 16
  return _mm512_scalef_ps(m, _mm512_cvtepi32_ps((__m512i)k));
#else
  const vi half = k >> 1;
  return m * (vf)((half + 127) << 23) * (vf)((k - half + 127) << 23);
#endif
}

// x = k·ln 2 + r with |r| at most ln 2 / 2; x within ±126·ln 2 or a little more.
INLINE vf reduced_by_ln2(vf x, vi *k) {
  const vf shifted = multiply_add(x, log2_e, to_integer);
  const vf count = shifted - to_integer;
  *k = (vi)shifted - (vi)(vf)to_integer;
  return multiply_add(count, -ln2_low, multiply_add(count, -ln2_high, x));
}

// e^r - 1 for |r| at most ln 2 / 2.
INLINE vf expm1_near_zero(vf r) {
  const vf square = r * r;
  return multiply_add(square, multiply_add(r, exp_polynomial(r), 0.5f), r);
}

// m·e^(high + low), high at least -150·ln 2; |low| is small.
INLINE vf exp_times(vf m, vf high, vf low) {
  vi k;
  const vf r = reduced_by_ln2(high, &k) + low;
  return scaled_by_exponent(multiply_add(m, expm1_near_zero(r), m), k);
}

// Comparisons are written so that NaN passes.
INLINE vf at_least(vf x, float bound) { return x < bound ? (vf)bound : x; }
INLINE vf at_most(vf x, float bound) { return x > bound ? (vf)bound : x; }

INLINE vf exp_lanes(vf x) {
  vi k;
  const vf r = reduced_by_ln2(at_most(at_least(x, -104), 89), &k);
  // What 1 + r loses is kept for the last addition, which is then the only rounding that counts.
  const vf sum = 1 + r, lost = r - (sum - 1);
  return scaled_by_exponent(sum + multiply_add(r * r, multiply_add(r, exp_polynomial(r), 0.5f), lost), k);
}

INLINE vf expm1_lanes(vf x) {
  vi k;
  const vf p = expm1_near_zero(reduced_by_ln2(at_most(at_least(x, -30), 89), &k));
  // Half the result, so that 2^128 does not occur.
  const vf power = (vf)((k + 126) << 23);
  const vf y = 2 * multiply_add(power, p, power - 0.5f);
  return magnitude(x) < 0x1p-25f ? x : y;
}

// ln(1 + f) + k·ln 2 for 1 + f in [√½, √2].
INLINE vf log_near_one(vf f, vf k) {
  const vf square = f * f;
  const vf cubic = multiply_add(f * square, log_polynomial(f), k * ln2_low);
  return multiply_add(k, ln2_high, f + multiply_add(square, -0.5f, cubic));
}

// x = m·2^k with m in [√½, √2), for positive finite x.
INLINE vf split(vf x, vi *k) {
  const vi subnormal = x < 0x1p-126f;
  const vi bits = (vi)(subnormal ? x * 0x1p23f : x);
  const vi exponent = (bits - 0x3f3504f3) >> 23;
  *k = exponent + (subnormal & -23);
  return (vf)(bits - (exponent << 23));
}

// y where x is positive and finite, and the logarithm's limits elsewhere.
INLINE vf with_log_limits(vf x, vf y) {
  y = x < __builtin_inff() ? y : x;
  y = x == 0 ? (vf)-__builtin_inff() : y;
  return x < 0 ? (vf)__builtin_nanf("") : y;
}

INLINE vf log_lanes(vf x) {
  vi k;
  const vf m = split(x, &k);
  return with_log_limits(x, log_near_one(m - 1, __builtin_convertvector(k, vf)));
}

INLINE vf log1p_lanes(vf x) {
  const vf sum = 1 + x;
  // What the addition lost, brought to the scale of m.
  const vf lost = x >= 1 ? 1 - (sum - x) : x - (sum - 1);
  vi k;
  const vf m = split(sum, &k);
  const vf scale = (vf)((127 - (k < 126 ? k : 126)) << 23);
  const vf f = multiply_add(lost, scale, m - 1);
  const vf y = with_log_limits(sum, log_near_one(f, __builtin_convertvector(k, vf)));
  return magnitude(x) < 0x1p-25f ? x : y;
}

// e^x and e^x - 1, neither of which the other gives without loss.
typedef struct {
  vf power, less_one;
} power_pair;

// Of x <= 0. Kernels that need several of the functions made from it compute it once.
INLINE power_pair power_pair_of(vf x) {
  vi k;
  const vf p = expm1_near_zero(reduced_by_ln2(at_least(x, -104), &k));
  const vf scale = scaled_by_exponent((vf)1, k);
  return (power_pair){multiply_add(scale, p, scale), multiply_add(scale, p, scale - 1)};
}

// e / (1 + e)²: the derivative of the sigmoid for e = e^-|x|, and a quarter of that of tanh for e = e^-2|x|.
INLINE vf slope_of(vf e) { return e / multiply_add(e, 2 + e, 1); }

INLINE power_pair tanh_power(vf x) { return power_pair_of(-2 * magnitude(x)); }

// tanh x = (1 - e) / (1 + e) with the sign of x, where e = e^-2|x|.
INLINE vf tanh_of(vf x, power_pair e) {
  return (vf)((vi)(magnitude(e.less_one) / (1 + e.power)) | sign_bit(x));
}

INLINE vf tanh_lanes(vf x) { return tanh_of(x, tanh_power(x)); }
INLINE vf tanh_slope_lanes(vf x) { return 4 * slope_of(tanh_power(x).power); }

// tanh x as a quotient of polynomials, within 5 units of the last place: half the time of the precise one, but of use only
// where 1 - tanh² may cancel. From the bound on it stays at the last value below 1.
INLINE vf quick_tanh_lanes(vf x) {
  const vf bounded = at_most(at_least(x, -TANH_BOUND), TANH_BOUND), square = bounded * bounded;
  return bounded * tanh_numerator(square) / tanh_denominator(square);
}

INLINE vf arctan_lanes(vf x) {
  const vf a = magnitude(x);
  // arctan a = π/2 - arctan 1/a.
  const vi steep = a > 1;
  const vf t = steep ? 1 / a : a, square = t * t;
  // The second part of π/2 goes into the small terms, where it is not lost.
  const vf rest = multiply_add(t * square, arctan_polynomial(square), steep ? (vf)0x1.777a5cp-25f : (vf)0);
  const vf y = t + rest;
  return (vf)((vi)(steep ? 0x1.921fb6p+0f - y : y) | sign_bit(x));
}

INLINE vf asinh_lanes(vf x) {
  const vf a = magnitude(x), square = a * a;
  const vf near = multiply_add(a * square, asinh_polynomial(square), a);
  // ln(a + √(a² + 1)), of whose sum the rounding is kept; ln 2a where the 1 is too small to count.
  const vi large = a > 0x1p13f;
  const vf root = square_root(multiply_add(a, a, 1));
  const vf sum = large ? a : a + root;
  const vf lost = large ? 0 : a - (sum - root);
  vi k;
  const vf m = split(sum, &k);
  const vf f = multiply_add(lost, (vf)((127 - (k < 126 ? k : 126)) << 23), m - 1);
  const vf far = log_near_one(f, __builtin_convertvector(k - large, vf));
  const vf y = a < 0.75f ? near : a < __builtin_inff() ? far : a;
  return (vf)((vi)y | sign_bit(x));
}

INLINE vf sigmoid_power(vf x) { return power_pair_of(-magnitude(x)).power; }

// The sigmoid of x, where e = e^-|x|.
INLINE vf sigmoid_of(vf x, vf e) { return (x >= 0 ? (vf)1 : e) / (1 + e); }

INLINE vf sigmoid_lanes(vf x) { return sigmoid_of(x, sigmoid_power(x)); }
INLINE vf sigmoid_slope_lanes(vf x) { return slope_of(sigmoid_power(x)); }

INLINE vf softplus_lanes(vf x) {
  const vf e = sigmoid_power(x);
  const vi large = e > 0.41421354f;
  const vf f = large ? e * 0.5f - 0.5f : e;
  const vf rest = log_near_one(f, large ? (vf)1 : (vf)0);
  return (x > 0 ? x : 0) + rest;
}

INLINE vf erf_lanes(vf x) {
  const vf a = magnitude(x), square = a * a;
  const vf near = multiply_add(a, erf_polynomial(square), a);
  const vf b = at_most(a, 4);
  const vf far = 1 - exp_lanes(-erf_exponent_polynomial(b));
  return (vf)((vi)(a < 1 ? near : far) | sign_bit(x));
}

INLINE vf erfc_lanes(vf x) {
  const vf a = at_most(magnitude(x), 10.1f);
  // x² in two parts: e^-x² would magnify the rounding of one.
  const vf high = a * a;
#ifdef USE_FMA
  const vf low = multiply_add(a, a, -high);
#else
  const vf low = narrowed(widened(a) * widened(a) - widened(high));
#endif
  // t = 1/(1 + 5a/16) and its polynomial in double precision, where one Newton step makes good a division of floats.
  const vd divisor = multiply_add_double(widened(a), 0.3125, 1);
  const vd rough = widened(1 / narrowed(divisor));
  const vd t = rough * (2 - divisor * rough);
  const vf far = exp_times(narrowed(t * erfc_polynomial(2 * t - 1)), -high, -low);
  // Near zero, where the result's last place is finest, the far form's roundings would show.
  const vf near = (1 - a) - a * erf_polynomial(high);
  const vf y = a < 0.5f ? near : far;
  return x < 0 ? 2 - y : y;
}

// |x| below which reduction by π/2 in this file keeps full precision; larger arguments are left to libm.
static const float largest_angle = 1e5f;

// x = k·π/2 + r with |r| at most π/4 and a little more.
INLINE vf reduced_by_quarter_turn(vf x, vi *k) {
  const vf shifted = multiply_add(x, 0x1.45f306p-1f, to_integer);
  const vf count = shifted - to_integer;
  *k = (vi)shifted;
#ifdef USE_FMA
  vf r = multiply_add(count, -0x1.921fb6p+0f, x);
  r = multiply_add(count, 0x1.777a5cp-25f, r);
  return multiply_add(count, 0x1.ee59dap-50f, r);
#else
  // The first part has 33 bits, so that its product with a count is exact.
  const vd wide = widened(count);
  return narrowed((widened(x) - wide * 0x1.921fb544p+0) - wide * 0x1.0b4611a626331p-34);
#endif
}

// The sine and the cosine of an angle that is reduced to r, within ±π/4 and a little more.
typedef struct {
  vf sine, cosine;
} turned;

INLINE turned turned_by(vf r) {
  const vf square = r * r;
  return (turned){
      multiply_add(r * square, sin_polynomial(square), r),
      multiply_add(square * square, cos_polynomial(square), multiply_add(square, -0.5f, 1))};
}

// The sine of quadrant·π/2 more than the angle.
INLINE vf sine_of_quadrant(turned angle, vi quadrant) {
  const vf y = (quadrant & 1) != 0 ? angle.cosine : angle.sine;
  return (vf)((vi)y ^ ((quadrant & 2) << 30));
}

// y, but libm's value where x is too large to be reduced here.
INLINE vf with_large_angles(vf x, vf y, float function(float)) {
  if (__builtin_expect(any(magnitude(x) > largest_angle), 0)) {
    for (int i = 0; i < LANES; i++) y[i] = fabsf(x[i]) > largest_angle ? function(x[i]) : y[i];
  }
  return y;
}

// The sine of x, where |x| is `angle` and k·π/2, and the cosine.
INLINE vf sin_of(vf x, turned angle, vi k) {
  return with_large_angles(x, (vf)((vi)sine_of_quadrant(angle, k) ^ sign_bit(x)), sinf);
}

INLINE vf cos_of(vf x, turned angle, vi k) {
  return with_large_angles(x, sine_of_quadrant(angle, k + 1), cosf);
}

INLINE vf sin_lanes(vf x) {
  vi k;
  const vf r = reduced_by_quarter_turn(magnitude(x), &k);
  return sin_of(x, turned_by(r), k);
}

INLINE vf cos_lanes(vf x) {
  vi k;
  const vf r = reduced_by_quarter_turn(magnitude(x), &k);
  return cos_of(x, turned_by(r), k);
}

// a^b = 2^(b·log2|a|) in double precision, which leaves the one rounding of the result.
INLINE vf power_lanes(vf a, vf b) {
  const vf base = magnitude(a);
  vi k;
  const vd m = widened(split(base, &k));
  const vd s = (m - 1) / (m + 1);
  vd logarithm = multiply_add_double(s, log2_polynomial(s * s), __builtin_convertvector(k, vd));
  // Where the logarithm is no number of its own: 0, infinity and NaN.
  const vf limit = base == 0 ? (vf)-__builtin_inff() : base;
  const vi finite = (base > 0) & (base < __builtin_inff());
  logarithm = __builtin_convertvector(finite, vl) != 0 ? logarithm : widened(limit);
  vd z = widened(b) * logarithm;
  const vi one = (b == 0) | (a == 1) | ((a == -1) & (b == b));
  z = __builtin_convertvector(one, vl) != 0 ? (vd)0 : z;
  z = z > 200 ? (vd)200 : z;
  z = z < -200 ? (vd)-200 : z;
  const double to_wide_integer = 0x1.8p+52;
  const vd shifted = z + to_wide_integer;
  const vd p = exp2_polynomial(z - (shifted - to_wide_integer));
  vf y = narrowed((vd)((vl)p + ((vl)shifted << 52)));
  // Negative bases: the sign is that of the exponent's parity, and other exponents have no real power.
  const vf size = magnitude(b);
  const vi truncated = __builtin_convertvector(size < 0x1p24f ? size : 0, vi);
  const vi whole = (size >= 0x1p24f) | (__builtin_convertvector(truncated, vf) == size);
  const vi odd = whole & (truncated << 31);
  y = (vf)((vi)y ^ (sign_bit(a) & odd));
  const vi unreal = (a < 0) & (base < __builtin_inff()) & ~whole & (b == b);
  return unreal ? (vf)__builtin_nanf("") : y;
}
