// The reference of pooling: for each output and channel the elements of its window, in row-major order.
#include "pooling.h"

#include <stdbool.h>
#include <string.h>

// One output's elements: the index of the first channel of the next one inside the image.
typedef struct {
  const ck_pooling *shape;
  size_t p, q, i, j;
} walk;

static bool next(walk *w, size_t *index) {
  const ck_pooling *s = w->shape;
  while (w->i < s->window_height) {
    const size_t i = s->stride_height * w->p + w->i, j = s->stride_width * w->q + w->j;
    if (++w->j == s->window_width) w->j = 0, w->i++;
    if (i < s->before_height || i - s->before_height >= s->height) continue;
    if (j < s->before_width || j - s->before_width >= s->width) continue;
    *index = ((i - s->before_height) * s->width + j - s->before_width) * s->channels;
    return true;
  }
  return false;
}

static bool is_nan(float x) { return x != x; }

// The first of the largest elements, or of those that are NaN.
static size_t winner(walk elements, const float *x) {
  size_t at, best;
  next(&elements, &best);
  while (next(&elements, &at)) {
    if (x[at] > x[best] || (is_nan(x[at]) && !is_nan(x[best]))) best = at;
  }
  return best;
}

static size_t count_of(walk elements) {
  size_t count = 0, at;
  while (next(&elements, &at)) count++;
  return count;
}

// Runs the statement for each row n, window `elements` and channel c; `at` is the output's index.
#define FOR_ALL_OUTPUTS(s, rows, n, elements, c, at)                                         \
  for (size_t n = 0, at = 0; n < rows; n++)                                                  \
    for (walk elements = {s, 0, 0, 0, 0}; elements.p < (s)->out_height; elements.p++)        \
      for (elements.q = 0; elements.q < (s)->out_width; elements.q++)                        \
        for (size_t c = 0; c < (s)->channels; c++, at++)

static size_t image(const ck_pooling *s) { return s->height * s->width * s->channels; }

static void max(const ck_pooling *s, size_t rows, const float *x, float *y) {
  FOR_ALL_OUTPUTS(s, rows, n, elements, c, at) {
    const float *channel = x + n * image(s) + c;
    y[at] = channel[winner(elements, channel)];
  }
}

static void max_gradient(const ck_pooling *s, size_t rows, const float *x, const float *y, const float *dy,
                         float *dx) {
  (void)y;
  memset(dx, 0, rows * image(s) * sizeof *dx);
  FOR_ALL_OUTPUTS(s, rows, n, elements, c, at) {
    const size_t start = n * image(s) + c;
    dx[start + winner(elements, x + start)] += dy[at];
  }
}

static void average(const ck_pooling *s, size_t rows, const float *x, float *y) {
  FOR_ALL_OUTPUTS(s, rows, n, elements, c, at) {
    walk summed = elements;
    float sum = 0;
    for (size_t index; next(&summed, &index);) sum += x[n * image(s) + c + index];
    y[at] = sum / (float)count_of(elements);
  }
}

static void average_gradient(const ck_pooling *s, size_t rows, const float *dy, float *dx) {
  memset(dx, 0, rows * image(s) * sizeof *dx);
  FOR_ALL_OUTPUTS(s, rows, n, elements, c, at) {
    walk reached = elements;
    const float share = dy[at] / (float)count_of(elements);
    for (size_t index; next(&reached, &index);) dx[n * image(s) + c + index] += share;
  }
}

// One window over the valid positions of row n.
static ck_pooling whole(size_t n, size_t positions, size_t channels, const int32_t *valid) {
  const size_t width = valid ? (size_t)valid[n] : positions;
  return (ck_pooling){1, width, channels, 1, 1, 1, width, 1, 1, 0, 0};
}

static void global_max(size_t rows, size_t positions, size_t channels, const int32_t *valid, const float *x,
                       float *y) {
  for (size_t n = 0; n < rows; n++) {
    const ck_pooling s = whole(n, positions, channels, valid);
    max(&s, 1, x + n * positions * channels, y + n * channels);
  }
}

static void global_max_gradient(size_t rows, size_t positions, size_t channels, const int32_t *valid, const float *x,
                                const float *y, const float *dy, float *dx) {
  memset(dx, 0, rows * positions * channels * sizeof *dx);
  for (size_t n = 0; n < rows; n++) {
    const ck_pooling s = whole(n, positions, channels, valid);
    const size_t row = n * positions * channels;
    max_gradient(&s, 1, x + row, y + n * channels, dy + n * channels, dx + row);
  }
}

static void global_average(size_t rows, size_t positions, size_t channels, const int32_t *valid, const float *x,
                           float *y) {
  for (size_t n = 0; n < rows; n++) {
    const ck_pooling s = whole(n, positions, channels, valid);
    average(&s, 1, x + n * positions * channels, y + n * channels);
  }
}

static void global_average_gradient(size_t rows, size_t positions, size_t channels, const int32_t *valid,
                                    const float *dy, float *dx) {
  memset(dx, 0, rows * positions * channels * sizeof *dx);
  for (size_t n = 0; n < rows; n++) {
    const ck_pooling s = whole(n, positions, channels, valid);
    average_gradient(&s, 1, dy + n * channels, dx + n * positions * channels);
  }
}

const ck_poolings *ck_poolings_reference(void) {
  static const ck_poolings table = {max,        max_gradient,        average,        average_gradient,
                                    global_max, global_max_gradient, global_average, global_average_gradient};
  return &table;
}
