// Activations that are small networks, and splines, against their scalar twins.
#include "twins.h"

#include <stdio.h>

// The first number becomes the sum of all, the others 0.
static void add_up(float *numbers, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += numbers[i], numbers[i] = 0;
  numbers[0] = (float)sum;
}

static void compare_network(bench *b, size_t n, bool is_shared) {
  const ck_networks *fast = b->set->networks, *twin = ck_networks_reference();
  // Two units and d, in no particular order, for at most 300 elements.
  static const ck_hidden_unit units[] = {{3, 0, 6}, {1, 5, 2}};
  enum { STRIDE = 300, PARAMETERS = 7 };
  float *parameters = noisy(b, PARAMETERS * STRIDE, 2);
  for (size_t p = 0; is_shared && p < PARAMETERS; p++) {
    for (size_t i = 1; i < STRIDE; i++) parameters[p * STRIDE + i] = parameters[p * STRIDE];
  }
  const ck_network network = {units, 2, 4, parameters, STRIDE, is_shared};
  float *x = noisy(b, n, 6), *dy = noisy(b, n, 1), *y = filled(b, n, 7), *want = filled(b, n, 7);
  float *dx = filled(b, n, 7), *dx_want = filled(b, n, 7);
  float *sums = filled(b, PARAMETERS * STRIDE, 1), *sums_want = filled(b, PARAMETERS * STRIDE, 1);
  if (n > 3) dy[3] = 0;
  char name[40];
  snprintf(name, sizeof name, "network of %zu%s", n, is_shared ? ", shared" : "");
  twin->value(network, want, x, n);
  twin->gradient(network, dx_want, sums_want, x, dy, n);
  fast->value(network, y, x, n);
  fast->gradient(network, dx, sums, x, dy, n);
  expect_close(b, name, y, want, n, 4e-6f);
  expect_close(b, name, dx, dx_want, n, 4e-6f);
  if (is_shared) {
    // In which of its places a parameter's sum is stands open.
    for (size_t p = 0; p < PARAMETERS; p++) {
      add_up(sums + p * STRIDE, STRIDE);
      add_up(sums_want + p * STRIDE, STRIDE);
    }
  }
  expect_close(b, name, sums, sums_want, PARAMETERS * STRIDE, is_shared ? 2e-5f : 4e-6f);
  fast->gradient(network, dy, sums, x, dy, n);
  expect_same(b, name, dy, dx, n);
  fast->value(network, x, x, n);
  expect_same(b, name, x, y, n);
  clear(b, name);
}

void compare_networks(bench *b) {
  static const size_t blocks[] = {255, 256, 257, 300};
  for (int is_shared = 0; is_shared <= 1; is_shared++) {
    for (size_t n = 0; n <= 35; n++) compare_network(b, n, is_shared);
    for (size_t i = 0; i < 4; i++) compare_network(b, blocks[i], is_shared);
  }
}

static void compare_spline(bench *b, int order, size_t rows, size_t units, ck_spline_sharing sharing) {
  const ck_splines *fast = b->set->splines, *twin = ck_splines_reference();
  const ck_spline spline = {order, 6, -2, 0.75f};
  const size_t n = rows * units, sets = (size_t)sharing.sets, size = (size_t)(order == 1 ? 6 : 8) * sets;
  const ptrdiff_t r = (ptrdiff_t)rows, u = (ptrdiff_t)units;
  const float *coefficients = noisy(b, size, 2);
  float *x = noisy(b, n, 4), *dy = noisy(b, n, 1), *y = filled(b, n, 7), *want = filled(b, n, 7);
  float *dx = filled(b, n, 7), *dx_want = filled(b, n, 7);
  float *sums = filled(b, size, 1), *sums_want = filled(b, size, 1);
  float *memory = filled(b, ck_spline_memory(spline, sets), __builtin_nanf(""));
  // A knot, the last knot, and far outside.
  static const float places[] = {-0.5f, 1.75f, 40, -40};
  for (size_t i = 0; i < 4 && i + 1 < n; i++) x[i] = places[i];
  char name[80];
  snprintf(name, sizeof name, "splines of order %d for %zu×%zu, %zu sets", order, rows, units, sets);
  twin->value(spline, sharing, r, u, x, want, coefficients, memory);
  twin->gradient(spline, sharing, r, u, x, dy, dx_want, coefficients, sums_want, memory);
  fast->value(spline, sharing, r, u, x, y, coefficients, memory);
  fast->gradient(spline, sharing, r, u, x, dy, dx, coefficients, sums, memory);
  expect_close(b, name, y, want, n, 2e-5f);
  expect_close(b, name, dx, dx_want, n, 2e-5f);
  expect_close(b, name, sums, sums_want, size, 2e-5f);
  fast->gradient(spline, sharing, r, u, x, dy, dy, coefficients, NULL, memory);
  expect_same(b, name, dy, dx, n);
  fast->value(spline, sharing, r, u, x, x, coefficients, memory);
  expect_same(b, name, x, y, n);
  clear(b, name);
}

void compare_splines(bench *b) {
  static const size_t shapes[][2] = {{1, 1}, {3, 5}, {2, 67}, {9, 64}, {70, 3}, {1, 300}};
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    const size_t rows = shapes[i][0], units = shapes[i][1];
    for (int order = 1; order <= 3; order += 2) {
      compare_spline(b, order, rows, units, (ck_spline_sharing){1, 0, 0});
      compare_spline(b, order, rows, units, (ck_spline_sharing){(ptrdiff_t)units, 0, 1});
      compare_spline(b, order, rows, units, (ck_spline_sharing){(ptrdiff_t)rows, 1, 0});
    }
  }
}
