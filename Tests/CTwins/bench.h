// What the comparisons share: numbers in guarded memory, and the first difference that was seen.
#ifndef CT_BENCH_H
#define CT_BENCH_H

#include "CTwins.h"

#include <stdint.h>

enum { BENCH_PIECES = 64 };

// A piece of memory that ends at, or a few numbers before, a page that must not be touched.
typedef struct {
  float *numbers;
  size_t count, gap, length;
  void *mapping;
} piece;

// One comparison's memory and findings.
typedef struct {
  const ck_kernels *set;
  char *message;
  size_t size;
  uint64_t noise;
  piece pieces[BENCH_PIECES];
  size_t count;
} bench;

// Uniform in [−limit, limit).
float noise(bench *b, float limit);
// 0 … limit − 1.
size_t choice(bench *b, size_t limit);

// Guarded numbers: noise, all of one value, or a copy.
float *noisy(bench *b, size_t count, float limit);
float *filled(bench *b, size_t count, float value);
float *copied(bench *b, const float *numbers, size_t count);

// Says what differs, unless something did before.
__attribute__((format(printf, 2, 3))) void differs(bench *b, const char *format, ...);
bool has_difference(const bench *b);

// Each number within `tolerance` · max(1, |want|) of its twin; NaN agrees with NaN.
void expect_close(bench *b, const char *what, const float *got, const float *want, size_t count, float tolerance);
// Each number the same bits, where NaN agrees with NaN.
void expect_same(bench *b, const char *what, const float *got, const float *want, size_t count);

// The distance of a result from the exact value in units of the exact value's last place; zeros agree in sign only, NaN
// and infinities in kind only.
double distance_in_places(float result, double exact);

// Looks whether the margins of all pieces are as they were, and gives the pieces back.
void clear(bench *b, const char *what);

#endif
