// Optimisers' updates and sums over vectors against their scalar twins, and in parts against the whole.
#include "twins.h"

#include <math.h>
#include <stdio.h>

// Parameters, gradient and two moments, of which the second is never negative.
enum { PARAMETER, GRADIENT, FIRST, SECOND, VECTORS };

static const char *const rules[] = {"adam", "adamw", "sgd", "momentum", "nesterov", "rmsprop"};
enum { RULES = sizeof rules / sizeof rules[0] };

// Updates the numbers from `start` up to `end`.
static void apply(size_t rule, const ck_update *table, float *const state[VECTORS], size_t start, size_t end) {
  float *p = state[PARAMETER] + start, *g = state[GRADIENT] + start;
  float *first = state[FIRST] + start, *second = state[SECOND] + start;
  const bool coupled = rule == 0;
  const ck_adam_step adam = {0.01f, 0.5f, coupled ? 0.1f : 0, coupled ? 1 : 0.999f, 0.9f, 0.1f, 0.999f, 0.001f,
                             2,     3,    1e-8f};
  const ck_sgd_step sgd = {0.01f, 0.5f, 0.1f, 0.9f, rule == 4};
  const ck_rmsprop_step rmsprop = {0.01f, 0.5f, 0.1f, 0.99f, 0.01f, 1e-8f, 0.5f};
  if (rule < 2) {
    table->adam(p, g, first, second, end - start, &adam);
  } else if (rule < 5) {
    table->sgd(p, g, rule == 2 ? NULL : first, end - start, &sgd);
  } else {
    table->rmsprop(p, g, second, first, end - start, &rmsprop);
  }
}

void compare_updates(bench *b) {
  for (size_t turn = 0; turn < 2 * 68 * RULES; turn++) {
    const size_t n = turn / RULES % 68, rule = turn % RULES;
    const ck_update *fast = b->set->update;
    float *got[VECTORS], *want[VECTORS], *cut[VECTORS];
    for (size_t i = 0; i < VECTORS; i++) {
      got[i] = noisy(b, n, 3);
      for (size_t j = 0; j < n && i == SECOND; j++) got[i][j] = fabsf(got[i][j]);
      want[i] = copied(b, got[i], n), cut[i] = copied(b, got[i], n);
    }
    const size_t place = choice(b, n + 1);
    for (int step = 0; step < 3; step++) {
      apply(rule, fast, got, 0, n);
      apply(rule, ck_update_reference(), want, 0, n);
      apply(rule, fast, cut, 0, place);
      apply(rule, fast, cut, place, n);
    }
    for (size_t i = 0; i < VECTORS; i++) {
      expect_close(b, rules[rule], got[i], want[i], n, 2e-6f);
      expect_same(b, rules[rule], cut[i], got[i], n);
    }
    // NaN in a gradient shows in its parameter alone.
    if (n > 0) {
      got[GRADIENT][place % n] = __builtin_nanf("");
      apply(rule, fast, got, 0, n);
      for (size_t i = 0; i < n; i++) {
        if (isnan(got[PARAMETER][i]) != (i == place % n)) {
          differs(b, "%s: NaN at %zu of %zu, parameter %zu is %g", rules[rule], place % n, n, i,
                  (double)got[PARAMETER][i]);
        }
      }
    }
    clear(b, rules[rule]);
  }
}

static void compare_sums(bench *b, size_t n) {
  const ck_reduce *fast = b->set->reduce, *twin = ck_reduce_reference();
  float *x = noisy(b, n, 3);
  const double sum = fast->sum(x, n), squares = fast->sum_of_squares(x, n);
  const double want = twin->sum(x, n), want_squares = twin->sum_of_squares(x, n);
  if (!(fabs(sum - want) <= 2e-6 * (double)(n + 1))) differs(b, "sum of %zu: %.17g, its twin %.17g", n, sum, want);
  if (!(fabs(squares - want_squares) <= 4e-6 * want_squares)) {
    differs(b, "sum of %zu squares: %.17g, its twin %.17g", n, squares, want_squares);
  }
  const ck_kernels *other;
  for (size_t i = 0; (other = ck_kernels_at(i)); i++) {
    if (other->reduce->sum(x, n) != sum) differs(b, "sum of %zu is another with %s", n, other->name);
  }
  double parts = 0, square_parts = 0;
  for (size_t i = 0; i < n; i += CK_REDUCE_CHUNK) {
    const size_t count = n - i < CK_REDUCE_CHUNK ? n - i : CK_REDUCE_CHUNK;
    parts += fast->sum(x + i, count), square_parts += fast->sum_of_squares(x + i, count);
  }
  if (parts != sum || square_parts != squares) differs(b, "sums of %zu in parts are others", n);
  for (size_t i = 0; i < 2 && n > 0; i++) {
    const float odd = i == 0 ? __builtin_inff() : __builtin_nanf("");
    x[choice(b, n)] = odd;
    const double got = fast->sum(x, n), got_squares = fast->sum_of_squares(x, n);
    const bool shows = i == 0 ? isinf(got) && isinf(got_squares) : isnan(got) && isnan(got_squares);
    if (!shows) differs(b, "sums of %zu with %g are %g and %g", n, (double)odd, got, got_squares);
  }
  clear(b, "sums");
}

void compare_reductions(bench *b) {
  for (size_t n = 0; n <= 140; n++) compare_sums(b, n);
  static const size_t chunks[] = {1023, 1024, 1025, 1040, 2047, 2048, 2049, 5000};
  for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) compare_sums(b, chunks[i]);
}
