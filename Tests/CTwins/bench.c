// Guarded memory, noise and the comparison of results.
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const float sentinel = -12345.678f;
enum { MARGIN = 32 };

static uint64_t next(bench *b) {
  b->noise = b->noise * 6364136223846793005u + 1442695040888963407u;
  return b->noise >> 33;
}

float noise(bench *b, float limit) { return (float)((double)next(b) * 0x1p-30 - 1) * limit; }

size_t choice(bench *b, size_t limit) { return next(b) / 7 % limit; }

static float *guarded(bench *b, size_t count) {
  if (b->count == BENCH_PIECES) abort();
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  piece *p = &b->pieces[b->count++];
  p->count = count;
  p->gap = next(b) % 4;
  const size_t whole = ((MARGIN + count + p->gap) * sizeof(float) + page - 1) / page * page;
  p->length = whole + page;
  p->mapping = mmap(NULL, p->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p->mapping == MAP_FAILED || mprotect((char *)p->mapping + whole, page, PROT_NONE) != 0) abort();
  p->numbers = (float *)(void *)((char *)p->mapping + whole) - p->gap - count;
  for (size_t i = 0; i < MARGIN; i++) p->numbers[-(ptrdiff_t)i - 1] = sentinel;
  for (size_t i = 0; i < p->gap; i++) p->numbers[count + i] = sentinel;
  return p->numbers;
}

float *noisy(bench *b, size_t count, float limit) {
  float *numbers = guarded(b, count);
  for (size_t i = 0; i < count; i++) numbers[i] = noise(b, limit);
  return numbers;
}

float *filled(bench *b, size_t count, float value) {
  float *numbers = guarded(b, count);
  for (size_t i = 0; i < count; i++) numbers[i] = value;
  return numbers;
}

float *copied(bench *b, const float *numbers, size_t count) {
  return memcpy(guarded(b, count), numbers, count * sizeof(float));
}

bool has_difference(const bench *b) { return b->message[0] != 0; }

void differs(bench *b, const char *format, ...) {
  if (has_difference(b)) return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(b->message, b->size, format, arguments);
  va_end(arguments);
}

void expect_close(bench *b, const char *what, const float *got, const float *want, size_t count, float tolerance) {
  for (size_t i = 0; i < count; i++) {
    const bool is_near = fabsf(got[i] - want[i]) <= tolerance * fmaxf(1, fabsf(want[i]));
    if (is_near || (isnan(got[i]) && isnan(want[i])) || got[i] == want[i]) continue;
    differs(b, "%s: number %zu of %zu is %.9g, its twin %.9g", what, i, count, (double)got[i], (double)want[i]);
    return;
  }
}

void expect_same(bench *b, const char *what, const float *got, const float *want, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (memcmp(got + i, want + i, sizeof *got) == 0 || (isnan(got[i]) && isnan(want[i]))) continue;
    differs(b, "%s: number %zu of %zu is %a, its twin %a", what, i, count, (double)got[i], (double)want[i]);
    return;
  }
}

double distance_in_places(float result, double exact) {
  if (isnan(exact) || isnan(result)) return isnan(exact) && isnan(result) ? 0 : (double)INFINITY;
  const float nearest = (float)exact;
  if (isinf(nearest) || isinf(result)) {
    if (result == nearest) return 0;
    // One step from the largest number to infinity.
    const bool is_step = fabs(exact) > 3.402823e38 && fabsf(result) > 3.402823e38f && (result > 0) == (exact > 0);
    return is_step ? 1 : (double)INFINITY;
  }
  if (exact == 0 && result == 0) return signbit(result) == signbit(exact) ? 0 : (double)INFINITY;
  const int exponent = exact == 0 ? -149 : ilogb(exact);
  return fabs((double)result - exact) / scalbn(1, exponent - 23 > -149 ? exponent - 23 : -149);
}

void clear(bench *b, const char *what) {
  for (; b->count > 0; b->count--) {
    const piece *p = &b->pieces[b->count - 1];
    for (size_t i = 0; i < MARGIN; i++) {
      if (p->numbers[-(ptrdiff_t)i - 1] != sentinel) differs(b, "%s: wrote before %zu numbers", what, p->count);
    }
    for (size_t i = 0; i < p->gap; i++) {
      if (p->numbers[p->count + i] != sentinel) differs(b, "%s: wrote behind %zu numbers", what, p->count);
    }
    munmap(p->mapping, p->length);
  }
}
