// Convolutions against their definition, against a product over the image's columns, and in shares against the whole.
#include "twins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One axis: sizes that fit one another, with as much padding before as `same` would ask for, or none.
typedef struct {
  size_t size, taps, stride, dilation, before, outputs;
} side;

static side side_of(size_t size, size_t taps, size_t stride, size_t dilation, bool same) {
  const size_t reach = dilation * (taps - 1) + 1;
  if (!same && size < reach) size = reach;
  side s = {size, taps, stride, dilation, 0, (size - reach) / stride + 1};
  if (same) {
    s.outputs = (size + stride - 1) / stride;
    const size_t needed = (s.outputs - 1) * stride + reach;
    s.before = needed > size ? (needed - size) / 2 : 0;
  }
  return s;
}

static ck_convolution shape_of(side v, side h, size_t channels, size_t filters) {
  return (ck_convolution){v.size, h.size,   channels, v.outputs,  h.outputs,  filters,  v.taps,
                          h.taps, v.stride, h.stride, v.dilation, h.dilation, v.before, h.before};
}

static void describe(const ck_convolution *s, size_t rows, char *text, size_t size) {
  snprintf(text, size, "%zu of %zu×%zu×%zu to %zu×%zu×%zu, kernel %zu×%zu, stride %zu×%zu, dilation %zu×%zu", rows,
           s->height, s->width, s->channels, s->out_height, s->out_width, s->filters, s->kernel_height,
           s->kernel_width, s->stride_height, s->stride_width, s->dilation_height, s->dilation_width);
}

// The rows of columns that the definition multiplies with the kernel.
static void write_columns(const ck_convolution *s, size_t rows, const float *x, float *columns) {
  for (size_t n = 0; n < rows; n++, x += s->height * s->width * s->channels) {
    for (size_t p = 0; p < s->out_height * s->out_width; p++) {
      for (size_t q = 0; q < s->kernel_height * s->kernel_width; q++, columns += s->channels) {
        const size_t i = p / s->out_width * s->stride_height + q / s->kernel_width * s->dilation_height;
        const size_t j = p % s->out_width * s->stride_width + q % s->kernel_width * s->dilation_width;
        const bool inside = i >= s->before_height && i - s->before_height < s->height && j >= s->before_width &&
                            j - s->before_width < s->width;
        for (size_t c = 0; c < s->channels; c++) {
          columns[c] = inside ? x[((i - s->before_height) * s->width + j - s->before_width) * s->channels + c] : 0;
        }
      }
    }
  }
}

static void compare(bench *b, ck_convolution s, size_t rows) {
  if (has_difference(b)) return;
  char name[200], what[240];
  describe(&s, rows, name, sizeof name);
  const ck_convolutions *fast = b->set->convolutions, *twin = ck_convolutions_reference();
  const size_t image = s.height * s.width * s.channels, positions = s.out_height * s.out_width;
  const size_t depth = s.kernel_height * s.kernel_width * s.channels, weights = depth * s.filters;
  const size_t output = positions * s.filters;
  const float *x = noisy(b, rows * image, 1), *dy = noisy(b, rows * output, 1);
  const float *kernel = noisy(b, weights, 1), *bias = choice(b, 3) == 0 ? NULL : noisy(b, s.filters, 1);
  float *memory = filled(b, fast->memory(&s), __builtin_nanf(""));
  float *got = filled(b, rows * output, __builtin_nanf("")), *want = filled(b, rows * output, 0);
#define NAME(part) (snprintf(what, sizeof what, "%s of %s", part, name), what)

  fast->forward(&s, rows, x, kernel, bias, got, memory);
  twin->forward(&s, rows, x, kernel, bias, want, memory);
  expect_close(b, NAME("forward"), got, want, rows * output, 2e-6f * (float)(depth + 4));
  float *columns = filled(b, rows * positions * depth, 0);
  write_columns(&s, rows, x, columns);
  b->set->matrix->gemm_nn(rows * positions, s.filters, depth, columns, depth, kernel, s.filters, 0, bias, want,
                          s.filters);
  expect_same(b, NAME("forward by columns"), got, want, rows * output);
  for (size_t n = 0; n < rows; n++) {
    fast->forward(&s, 1, x + n * image, kernel, bias, want + n * output, memory);
  }
  expect_same(b, NAME("forward, one by one"), got, want, rows * output);

  float *dk = filled(b, weights, __builtin_nanf("")), *dk_want = filled(b, weights, __builtin_nanf(""));
  fast->kernel_gradient(&s, rows, x, dy, 0, depth, dk, memory);
  twin->kernel_gradient(&s, rows, x, dy, 0, depth, dk_want, memory);
  expect_close(b, NAME("kernel gradient"), dk, dk_want, weights, 2e-6f * (float)(rows * positions + 4));
  const size_t cut = choice(b, depth + 1);
  for (size_t i = 0; i < weights; i++) dk_want[i] = 7;
  fast->kernel_gradient(&s, rows, x, dy, cut, depth - cut, dk_want, memory);
  for (size_t i = 0; i < cut * s.filters; i++) {
    if (dk_want[i] != 7) differs(b, "%s wrote row %zu", NAME("kernel gradient"), i / s.filters);
  }
  fast->kernel_gradient(&s, rows, x, dy, 0, cut, dk_want, memory);
  expect_same(b, NAME("kernel gradient in shares"), dk, dk_want, weights);

  float *dx = filled(b, rows * image, __builtin_nanf("")), *dx_want = filled(b, rows * image, 0);
  fast->input_gradient(&s, rows, dy, kernel, dx, memory);
  twin->input_gradient(&s, rows, dy, kernel, dx_want, memory);
  const size_t terms = s.kernel_height * s.kernel_width * s.filters;
  expect_close(b, NAME("input gradient"), dx, dx_want, rows * image, 2e-6f * (float)(terms + 4));
  for (size_t n = 0; n < rows; n++) {
    fast->input_gradient(&s, 1, dy + n * output, kernel, dx_want + n * image, memory);
  }
  expect_same(b, NAME("input gradient, one by one"), dx, dx_want, rows * image);
#undef NAME
  clear(b, name);
}

void compare_convolutions(bench *b) {
  // Everything small, at random.
  for (size_t turn = 0; turn < 400; turn++) {
    const bool same = choice(b, 2) == 0;
    const side v = side_of(1 + choice(b, 9), 1 + choice(b, 4), 1 + choice(b, 3), 1 + choice(b, 3), same);
    const side h = side_of(1 + choice(b, 9), 1 + choice(b, 4), 1 + choice(b, 3), 1 + choice(b, 3), same);
    const side flat = {1, 1, 1, 1, 0, 1};
    static const size_t channels[] = {1, 2, 3, 5, 8, 16, 17}, filters[] = {1, 2, 4, 7, 8, 12, 16, 19, 33};
    compare(b, shape_of(turn % 3 == 0 ? flat : v, h, channels[choice(b, 7)], filters[choice(b, 9)]),
            1 + choice(b, 4));
  }
  // More than one band, sums of more than one part, more than one panel.
  compare(b, shape_of(side_of(40, 3, 1, 1, true), side_of(60, 3, 1, 1, true), 16, 3), 1);
  compare(b, shape_of(side_of(40, 3, 1, 1, false), side_of(60, 3, 1, 1, false), 17, 5), 1);
  compare(b, shape_of((side){1, 1, 1, 1, 0, 1}, side_of(5000, 5, 1, 2, true), 9, 4), 1);
  compare(b, shape_of((side){1, 1, 1, 1, 0, 1}, side_of(5000, 5, 3, 1, true), 8, 8), 1);
  compare(b, shape_of(side_of(6, 3, 1, 1, true), side_of(6, 3, 1, 1, true), 65, 70), 3);
  compare(b, shape_of(side_of(4, 2, 1, 1, true), side_of(3, 2, 2, 1, true), 3, 16), 40);
  // A kernel longer than the sequence, and strides beyond the kernel.
  compare(b, shape_of((side){1, 1, 1, 1, 0, 1}, side_of(3, 5, 1, 4, true), 4, 6), 2);
  compare(b, shape_of(side_of(7, 1, 3, 1, false), side_of(8, 2, 5, 1, false), 4, 6), 2);
}
