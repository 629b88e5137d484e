// Pooling against scalar loops, with ties, infinities, NaN and padding.
#include "twins.h"

#include <stdio.h>

// Few different values, so that there are ties; now and then a value that is no number or no finite one.
static float *tied(bench *b, size_t count) {
  float *numbers = noisy(b, count, 1);
  for (size_t i = 0; i < count; i++) {
    const size_t kind = choice(b, 40);
    numbers[i] = kind == 0 ? __builtin_nanf("") : kind < 4 ? -__builtin_inff() : (float)choice(b, 4) - 2;
    if (kind == 5) numbers[i] = -0.0f;
  }
  return numbers;
}

static void compare_windows(bench *b, const ck_pooling *s, size_t rows) {
  const ck_poolings *fast = b->set->poolings, *twin = ck_poolings_reference();
  const size_t image = rows * s->height * s->width * s->channels;
  const size_t output = rows * s->out_height * s->out_width * s->channels;
  const float *x = tied(b, image), *dy = noisy(b, output, 1), *plain = noisy(b, image, 1);
  float *y = filled(b, output, 7), *want = filled(b, output, 7);
  float *dx = filled(b, image, 7), *dx_want = filled(b, image, 7);
  char name[160];
  snprintf(name, sizeof name, "%zu of %zu×%zu×%zu, window %zu×%zu, stride %zu×%zu, before %zu×%zu", rows, s->height,
           s->width, s->channels, s->window_height, s->window_width, s->stride_height, s->stride_width,
           s->before_height, s->before_width);
  fast->max(s, rows, x, y);
  twin->max(s, rows, x, want);
  expect_same(b, name, y, want, output);
  fast->max_gradient(s, rows, x, y, dy, dx);
  twin->max_gradient(s, rows, x, want, dy, dx_want);
  expect_same(b, name, dx, dx_want, image);
  fast->average(s, rows, plain, y);
  twin->average(s, rows, plain, want);
  expect_same(b, name, y, want, output);
  fast->average_gradient(s, rows, dy, dx);
  twin->average_gradient(s, rows, dy, dx_want);
  expect_same(b, name, dx, dx_want, image);
  clear(b, name);
}

static void compare_whole(bench *b, size_t rows, size_t positions, size_t channels, bool has_lengths) {
  const ck_poolings *fast = b->set->poolings, *twin = ck_poolings_reference();
  int32_t lengths[8];
  for (size_t n = 0; n < rows; n++) lengths[n] = 1 + (int32_t)choice(b, positions);
  const int32_t *valid = has_lengths ? lengths : NULL;
  const size_t image = rows * positions * channels, output = rows * channels;
  const float *x = tied(b, image), *dy = noisy(b, output, 1), *plain = noisy(b, image, 1);
  float *y = filled(b, output, 7), *want = filled(b, output, 7);
  float *dx = filled(b, image, 7), *dx_want = filled(b, image, 7);
  char name[100];
  snprintf(name, sizeof name, "all of %zu×%zu×%zu%s", rows, positions, channels, valid ? ", of some lengths" : "");
  fast->global_max(rows, positions, channels, valid, x, y);
  twin->global_max(rows, positions, channels, valid, x, want);
  expect_same(b, name, y, want, output);
  fast->global_max_gradient(rows, positions, channels, valid, x, y, dy, dx);
  twin->global_max_gradient(rows, positions, channels, valid, x, want, dy, dx_want);
  expect_same(b, name, dx, dx_want, image);
  fast->global_average(rows, positions, channels, valid, plain, y);
  twin->global_average(rows, positions, channels, valid, plain, want);
  expect_same(b, name, y, want, output);
  fast->global_average_gradient(rows, positions, channels, valid, dy, dx);
  twin->global_average_gradient(rows, positions, channels, valid, dy, dx_want);
  expect_same(b, name, dx, dx_want, image);
  clear(b, name);
}

// Windows that each reach an element, with padding or without; what does not fill a window may be left out.
static void choose(bench *b, size_t *size, size_t *window, size_t *stride, size_t *before, size_t *outputs) {
  *window = 1 + choice(b, 4), *stride = 1 + choice(b, 4);
  *size = *window + choice(b, 8), *before = 0;
  *outputs = (*size - *window) / *stride + 1;
  if (choice(b, 2) == 0) {
    *size = 1 + choice(b, 9);
    *outputs = (*size + *stride - 1) / *stride;
    const size_t needed = (*outputs - 1) * *stride + *window;
    *before = needed > *size ? (needed - *size) / 2 : 0;
  }
}

void compare_poolings(bench *b) {
  static const size_t channels[] = {1, 3, 4, 7, 8, 16, 19, 32};
  for (size_t turn = 0; turn < 300 && !has_difference(b); turn++) {
    ck_pooling s = {.height = 1, .out_height = 1, .window_height = 1, .stride_height = 1};
    if (turn % 3 != 0) {
      choose(b, &s.height, &s.window_height, &s.stride_height, &s.before_height, &s.out_height);
    }
    choose(b, &s.width, &s.window_width, &s.stride_width, &s.before_width, &s.out_width);
    s.channels = channels[choice(b, 8)];
    compare_windows(b, &s, 1 + choice(b, 3));
    compare_whole(b, 1 + choice(b, 8), 1 + choice(b, 12), channels[choice(b, 8)], turn % 2 == 0);
  }
}
