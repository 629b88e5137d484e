// The elementwise functions that compiled activations are made of, behind one table per instruction set.
#ifndef CURVESMITH_ELEMENTWISE_H
#define CURVESMITH_ELEMENTWISE_H

#include <stddef.h>

// Every function writes y[i] (and z[i]) for i < n. y may equal an operand (in place); no other overlap is allowed.
// NaN operands give NaN, so that a diverging model is noticed.
typedef void (*ck_unary)(float *_Nonnull y, const float *_Nonnull x, size_t n);
typedef void (*ck_pair)(float *_Nonnull y, float *_Nonnull z, const float *_Nonnull x, size_t n);
typedef void (*ck_binary)(float *_Nonnull y, const float *_Nonnull a, const float *_Nonnull b, size_t n);
typedef void (*ck_ternary)(float *_Nonnull y, const float *_Nonnull a, const float *_Nonnull b,
                           const float *_Nonnull c, size_t n);
typedef void (*ck_select)(float *_Nonnull y, const float *_Nonnull a, const float *_Nonnull b,
                          const float *_Nonnull then, const float *_Nonnull otherwise, size_t n);

typedef struct {
  ck_unary _Nonnull negate;
  ck_unary _Nonnull absolute;
  ck_unary _Nonnull sign;  // -1, 0 or 1
  ck_unary _Nonnull reciprocal;
  ck_unary _Nonnull sqrt;
  ck_unary _Nonnull exp;
  ck_unary _Nonnull expm1;
  ck_unary _Nonnull log;
  ck_unary _Nonnull log1p;
  ck_unary _Nonnull sin;
  ck_unary _Nonnull cos;
  ck_unary _Nonnull tanh;
  ck_unary _Nonnull tanh_slope;  // tanh'(x) = 4e^-2|x| / (1 + e^-2|x|)^2, never cancelling
  ck_unary _Nonnull arctan;
  ck_unary _Nonnull asinh;
  ck_unary _Nonnull sigmoid;        // 1 / (1 + e^-x), full relative precision in both tails
  ck_unary _Nonnull sigmoid_slope;  // sigmoid'(x) = e^-|x| / (1 + e^-|x|)^2, never cancelling
  ck_unary _Nonnull softplus;       // ln(1 + e^x), never overflowing
  ck_unary _Nonnull erf;
  ck_unary _Nonnull erfc;

  // Two functions at once, for little more than one: the same bits as each alone.
  ck_pair _Nonnull sin_and_cos;
  ck_pair _Nonnull tanh_and_slope;
  ck_pair _Nonnull sigmoid_and_slope;

  ck_binary _Nonnull add;
  ck_binary _Nonnull subtract;
  ck_binary _Nonnull multiply;
  ck_binary _Nonnull divide;
  ck_binary _Nonnull minimum;
  ck_binary _Nonnull maximum;
  ck_binary _Nonnull power;   // a^b
  ck_binary _Nonnull scaled;  // a * b, but 0 wherever a is 0, even if b is infinite: how adjoints multiply

  ck_ternary _Nonnull multiply_add;  // a * b + c
  ck_ternary _Nonnull scaled_add;    // a * b + c, but c wherever a is 0: how adjoints add up

  ck_select _Nonnull select_less;           // a < b ? then : otherwise
  ck_select _Nonnull select_less_or_equal;  // a <= b ? then : otherwise
} ck_elementwise;

// The largest errors of the vector tables in units of the last place, over every 61st float against double precision:
// exp 0.80, expm1 1.63, log 0.82, log1p 1.37, sin and cos 1.57 (beyond |x| = 100000 they are libm's), tanh 2.28,
// tanh_slope 2.83, arctan 1.24, asinh 1.42, sigmoid and sigmoid_slope 2.31, softplus 1.67, erf 1.41, erfc 1.94, power
// 0.53 (sampled). Those above 2 are made from one e^x for two results: training by them follows double precision as
// closely as the golden trajectories ask.

// Readable scalar loops over libm: right on every processor, and what the vector tables are tested against.
const ck_elementwise *_Nonnull ck_elementwise_reference(void);

#endif
