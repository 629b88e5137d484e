// Every element-wise function against its scalar twin, the exact value, and itself at other places.
#include "twins.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// What is expected to be rounded twice must not be fused here.
#pragma clang fp contract(off)

static double reciprocal(double x) { return 1 / x; }
static double sigmoid(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }
static double softplus(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

static double sigmoid_slope(double x) {
  const double e = exp(-fabs(x));
  return e / ((1 + e) * (1 + e));
}

static double tanh_slope(double x) { return 4 * sigmoid_slope(2 * x); }

// One entry of the table; for functions that elementwise.h gives an error, that error, rounded up, in units of the last
// place, and the function in double precision.
typedef struct {
  const char *name;
  size_t offset, operands;
  double limit, (*exact)(double);
} function;

#define ENTRY(name, operands) {#name, offsetof(ck_elementwise, name), operands, 0, NULL}
#define EXACT(name, limit, exact) {#name, offsetof(ck_elementwise, name), 1, limit, exact}

static const function functions[] = {
    ENTRY(negate, 1),
    ENTRY(absolute, 1),
    ENTRY(sign, 1),
    EXACT(reciprocal, 0.5, reciprocal),
    EXACT(sqrt, 0.5, sqrt),
    EXACT(exp, 0.8, exp),
    EXACT(expm1, 1.65, expm1),
    EXACT(log, 0.85, log),
    EXACT(log1p, 1.4, log1p),
    EXACT(sin, 1.6, sin),
    EXACT(cos, 1.6, cos),
    EXACT(tanh, 2.3, tanh),
    EXACT(tanh_slope, 2.85, tanh_slope),
    EXACT(arctan, 1.25, atan),
    EXACT(asinh, 1.45, asinh),
    EXACT(sigmoid, 2.35, sigmoid),
    EXACT(sigmoid_slope, 2.35, sigmoid_slope),
    EXACT(softplus, 1.7, softplus),
    EXACT(erf, 1.45, erf),
    EXACT(erfc, 1.95, erfc),
    ENTRY(add, 2),
    ENTRY(subtract, 2),
    ENTRY(multiply, 2),
    ENTRY(divide, 2),
    ENTRY(minimum, 2),
    ENTRY(maximum, 2),
    ENTRY(power, 2),
    ENTRY(scaled, 2),
    ENTRY(multiply_add, 3),
    ENTRY(scaled_add, 3),
    ENTRY(select_less, 4),
    ENTRY(select_less_or_equal, 4),
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], OPERANDS = 4 };

static void apply(const function *f, const ck_elementwise *table, float *y, float *const x[], size_t n) {
  union {
    ck_unary unary;
    ck_binary binary;
    ck_ternary ternary;
    ck_select select;
  } kernel;
  memcpy(&kernel, (const char *)table + f->offset, sizeof kernel);
  switch (f->operands) {
  case 1: kernel.unary(y, x[0], n); break;
  case 2: kernel.binary(y, x[0], x[1], n); break;
  case 3: kernel.ternary(y, x[0], x[1], x[2], n); break;
  default: kernel.select(y, x[0], x[1], x[2], x[3], n);
  }
}

// Both zeros, infinities, NaN, the ends of the subnormal and normal numbers, and where functions saturate.
static const float positive[] = {0,  0x1p-149f, 0x1p-140f, 0x1p-126f,   1e-8f, 0.5f,
                                 1,  1.5f,      2,         3,           88.8f, 104,
                                 1e4, 16777215,  0x1.fffffep127f, __builtin_inff()};
enum { SPECIAL = 2 * sizeof positive / sizeof positive[0] + 1 };

static float special(size_t index) {
  if (index == SPECIAL - 1) return __builtin_nanf("");
  return index % 2 == 0 ? positive[index / 2] : -positive[index / 2];
}

static void compare_lengths(bench *b, const function *f) {
  const ck_elementwise *fast = b->set->elementwise, *twin = ck_elementwise_reference();
  for (size_t turn = 0; turn < 136 && !has_difference(b); turn++) {
    const size_t n = turn % 68;
    float *x[OPERANDS];
    for (size_t i = 0; i < f->operands; i++) x[i] = noisy(b, n, 3);
    float *y = filled(b, n, 7), *want = filled(b, n, 7);
    apply(f, fast, y, x, n);
    apply(f, twin, want, x, n);
    for (size_t i = 0; i < n; i++) {
      // The twin multiplies and adds with two roundings, of which the first may be as large as the product.
      const float product = f->operands == 3 ? fabsf(x[0][i] * x[1][i]) : 0;
      if (!(fabsf(y[i] - want[i]) <= 1e-6f * (fabsf(want[i]) + product)) && !(isnan(y[i]) && isnan(want[i]))) {
        differs(b, "%s: number %zu of %zu is %.9g, its twin %.9g", f->name, i, n, (double)y[i], (double)want[i]);
      }
      // The bits do not depend on the place in a vector, nor on where the result goes.
      float *at[OPERANDS], alone;
      for (size_t j = 0; j < f->operands; j++) at[j] = x[j] + i;
      apply(f, fast, &alone, at, 1);
      expect_same(b, f->name, &alone, y + i, 1);
    }
    apply(f, fast, x[0], x, n);
    expect_same(b, f->name, x[0], y, n);
    clear(b, f->name);
  }
}

// Every 32771st float.
static void compare_exactly(bench *b, const function *f) {
  enum { BATCH = 1024 };
  float *x = filled(b, BATCH, 0), *y = filled(b, BATCH, 0);
  for (uint64_t bits = 0; bits < (uint64_t)1 << 32 && !has_difference(b);) {
    size_t n = 0;
    for (; n < BATCH && bits < (uint64_t)1 << 32; n++, bits += 32771) {
      const uint32_t pattern = (uint32_t)bits;
      memcpy(x + n, &pattern, sizeof pattern);
    }
    apply(f, b->set->elementwise, y, &x, n);
    for (size_t i = 0; i < n; i++) {
      const double exact = f->exact((double)x[i]), distance = distance_in_places(y[i], exact);
      if (distance <= f->limit) continue;
      differs(b, "%s: %g units of the last place at %a: %a, not %a", f->name, distance, (double)x[i], (double)y[i],
              exact);
    }
  }
  clear(b, f->name);
}

// Every pair of special values, followed by the same pair the other way round.
static void compare_special(bench *b, const function *f) {
  const size_t n = f->operands == 1 ? SPECIAL : SPECIAL * SPECIAL;
  float *x[OPERANDS], *y = filled(b, n, 7), *want = filled(b, n, 7);
  for (size_t i = 0; i < f->operands; i++) {
    x[i] = filled(b, n, 0);
    const bool slow = i == 0 || i == 3;
    for (size_t j = 0; j < n; j++) x[i][j] = special(slow && f->operands > 1 ? j / SPECIAL : j % SPECIAL);
  }
  apply(f, b->set->elementwise, y, x, n);
  apply(f, ck_elementwise_reference(), want, x, n);
  const double limits[] = {4, 1, 0, 0};
  for (size_t i = 0; i < n && f->operands != 3; i++) {
    if (distance_in_places(y[i], (double)want[i]) <= limits[f->operands - 1]) continue;
    differs(b, "%s of %a and %a is %a, its twin %a", f->name, (double)x[0][i],
            f->operands > 1 ? (double)x[1][i] : 0, (double)y[i], (double)want[i]);
  }
  clear(b, f->name);
}

static bool is_same(float a, float b) { return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b)); }

// Sums of special values and products of such are rounded once or twice; `scaled_add` leaves out products with 0.
static void compare_sums(bench *b) {
  const ck_elementwise *table = b->set->elementwise;
  const size_t n = SPECIAL * SPECIAL;
  float *x = filled(b, n, 0), *y = filled(b, n, 0), *z = filled(b, n, 0), *sum = filled(b, n, 7);
  for (size_t i = 0; i < n; i++) x[i] = special(i / SPECIAL), y[i] = special(i % SPECIAL);
  for (size_t turn = 0; turn < SPECIAL; turn++) {
    const float added = special(turn);
    for (size_t i = 0; i < n; i++) z[i] = added;
    table->multiply_add(sum, x, y, z, n);
    for (size_t i = 0; i < n; i++) {
      const float product = x[i] * y[i];
      if (is_same(sum[i], fmaf(x[i], y[i], added)) || is_same(sum[i], product + added)) continue;
      differs(b, "multiply_add of %a, %a and %a is %a", (double)x[i], (double)y[i], (double)added, (double)sum[i]);
    }
    table->scaled_add(sum, x, y, z, n);
    for (size_t i = 0; i < n; i++) {
      const float product = x[i] * y[i];
      if (x[i] == 0 ? is_same(sum[i], added)
                    : is_same(sum[i], fmaf(x[i], y[i], added)) || is_same(sum[i], product + added)) continue;
      differs(b, "scaled_add of %a, %a and %a is %a", (double)x[i], (double)y[i], (double)added, (double)sum[i]);
    }
  }
  clear(b, "sums of special values");
}

// Two functions at once have the bits of each alone.
static void compare_pair(bench *b, const char *name, ck_pair pair, ck_unary first, ck_unary second) {
  for (size_t n = 0; n < 68; n++) {
    float *x = noisy(b, n, 20), *y = filled(b, n, 7), *z = filled(b, n, 7);
    float *one = filled(b, n, 7), *two = filled(b, n, 7);
    for (size_t i = 0; i < n && n > 64; i++) x[i] = i < SPECIAL ? special(i) : x[i];
    pair(y, z, x, n);
    first(one, x, n);
    second(two, x, n);
    expect_same(b, name, y, one, n);
    expect_same(b, name, z, two, n);
    pair(y, x, x, n);
    expect_same(b, name, x, two, n);
    clear(b, name);
  }
}

void compare_elementwise(bench *b) {
  for (size_t i = 0; i < FUNCTIONS; i++) {
    compare_lengths(b, &functions[i]);
    compare_special(b, &functions[i]);
    if (functions[i].exact) compare_exactly(b, &functions[i]);
  }
  const ck_elementwise *table = b->set->elementwise;
  compare_sums(b);
  compare_pair(b, "sin_and_cos", table->sin_and_cos, table->sin, table->cos);
  compare_pair(b, "tanh_and_slope", table->tanh_and_slope, table->tanh, table->tanh_slope);
  compare_pair(b, "sigmoid_and_slope", table->sigmoid_and_slope, table->sigmoid, table->sigmoid_slope);
}
