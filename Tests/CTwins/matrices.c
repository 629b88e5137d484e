// Matrix products and sums of columns against the textbook loops, and cut into parts against the whole.
#include "twins.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// Which operands are stored transposed.
typedef enum { NN, TN, NT, LAYOUTS } layout;
static const char *const layouts[] = {"nn", "tn", "nt"};

static ck_gemm kernel_of(const ck_matrix *table, layout l) {
  return l == NN ? table->gemm_nn : l == TN ? table->gemm_tn : table->gemm_nt;
}

// One product, with `padding` unused numbers between stored rows.
typedef struct {
  layout layout;
  size_t m, n, k, padding;
  float beta;
  bool is_biased;
} product;

static size_t stored(const product *p, size_t rows, size_t columns) {
  return rows == 0 ? 0 : (rows - 1) * (columns + p->padding) + columns;
}

// The rows from `i` up to `end` and the columns from `j` up to `last` of C.
static void multiply(const ck_matrix *table, const product *p, const float *x, const float *y, const float *bias,
                     float *c, size_t i, size_t end, size_t j, size_t last) {
  const size_t lda = (p->layout == TN ? p->m : p->k) + p->padding, ldb = (p->layout == NT ? p->k : p->n) + p->padding;
  const size_t ldc = p->n + p->padding;
  if (i == end || j == last) return;
  kernel_of(table, p->layout)(end - i, last - j, p->k, x + (p->layout == TN ? i : i * lda), lda,
                              y + (p->layout == NT ? j * ldb : j), ldb, p->beta, bias ? bias + j : NULL,
                              c + i * ldc + j, ldc);
}

static void compare(bench *b, product p) {
  if (has_difference(b)) return;
  char name[120];
  snprintf(name, sizeof name, "%s %zu×%zu×%zu, beta %g, padding %zu%s", layouts[p.layout], p.m, p.n, p.k,
           (double)p.beta, p.padding, p.is_biased ? ", with a bias" : "");
  const size_t size = stored(&p, p.m, p.n), ldc = p.n + p.padding;
  const float *x = noisy(b, p.layout == TN ? stored(&p, p.k, p.m) : stored(&p, p.m, p.k), 3);
  const float *y = noisy(b, p.layout == NT ? stored(&p, p.n, p.k) : stored(&p, p.k, p.n), 3);
  const float *bias = p.is_biased ? noisy(b, p.n, 3) : NULL;
  // With beta = 0 what C held does not matter.
  float *got = p.beta == 0 ? filled(b, size, __builtin_nanf("")) : noisy(b, size, 3);
  float *want = copied(b, got, size), *cut = copied(b, got, size);
  const float *before = copied(b, got, size);
  multiply(b->set->matrix, &p, x, y, bias, got, 0, p.m, 0, p.n);
  multiply(ck_matrix_reference(), &p, x, y, bias, want, 0, p.m, 0, p.n);
  // Sums of k products of numbers up to 3, each rounded.
  const float allowed = 1e-5f * (float)(p.k + 2);
  for (size_t i = 0; i < size; i++) {
    if (i % ldc >= p.n) {
      expect_same(b, name, got + i, before + i, 1);
    } else if (!(fabsf(got[i] - want[i]) <= allowed)) {
      differs(b, "%s: number %zu is %.9g, its twin %.9g", name, i, (double)got[i], (double)want[i]);
    }
  }
  const size_t row = p.m == 0 ? 0 : choice(b, p.m + 1), column = p.n == 0 ? 0 : choice(b, p.n + 1);
  multiply(b->set->matrix, &p, x, y, bias, cut, 0, row, 0, column);
  multiply(b->set->matrix, &p, x, y, bias, cut, row, p.m, 0, column);
  multiply(b->set->matrix, &p, x, y, bias, cut, 0, row, column, p.n);
  multiply(b->set->matrix, &p, x, y, bias, cut, row, p.m, column, p.n);
  expect_same(b, name, cut, got, size);
  clear(b, name);
}

// NaN in an operand reaches its row of the product, and no other.
static void compare_nan(bench *b) {
  float *x = noisy(b, 12, 3), *y = noisy(b, 80, 3), *c = filled(b, 60, 0);
  x[5] = __builtin_nanf("");
  b->set->matrix->gemm_nn(3, 20, 4, x, 4, y, 20, 0, NULL, c, 20);
  for (size_t i = 0; i < 60; i++) {
    if (isnan(c[i]) != (i / 20 == 1)) differs(b, "NaN in row 1: row %zu has %g", i / 20, (double)c[i]);
  }
  clear(b, "NaN");
}

void compare_matrices(bench *b) {
  static const float betas[] = {0, 1, -0.5f};
  static const size_t depths[] = {0, 1, 2, 7, 16};
  for (size_t m = 1; m <= 20; m++) {
    for (size_t n = 1; n <= 20; n++) {
      const size_t turn = m + 2 * n;
      for (layout l = NN; l < LAYOUTS; l++) {
        for (size_t i = turn % 2; i < 5; i += 2) {
          compare(b, (product){l, m, n, depths[i], turn % 4, betas[(turn + i) % 3], choice(b, 2) == 0});
        }
      }
    }
  }
  static const size_t more[] = {0, 1, 3, 8, 33, 64, 67};
  for (size_t n = 0; n < 68; n++) {
    for (size_t i = 0; i < 7; i++) {
      for (layout l = NN; l < LAYOUTS; l++) {
        compare(b, (product){l, (n * 29 + more[i] * 7) % 68, n, more[i], choice(b, 4), betas[choice(b, 3)],
                             choice(b, 2) == 0});
      }
    }
  }
  // Sums and rows longer than one block, and rows so far apart that they are copied.
  static const size_t sizes[][3] = {{6, 11, 255}, {6, 11, 256}, {6, 11, 257}, {300, 35, 300}, {35, 300, 513},
                                    {256, 10, 256}, {1, 1000, 3}, {64, 128, 64}, {131, 1, 9}, {37, 67, 300},
                                    {40, 800, 33}, {30, 531, 257}, {260, 70, 257}, {770, 260, 20}};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    for (layout l = NN; l < LAYOUTS; l++) {
      compare(b, (product){l, sizes[i][0], sizes[i][1], sizes[i][2], i % 3, 1, true});
    }
  }
  compare_nan(b);
}

void compare_column_sums(bench *b) {
  static const size_t heights[] = {0, 1, 5, 33};
  for (size_t n = 0; n <= 140; n++) {
    for (size_t i = 0; i < 4; i++) {
      const size_t m = heights[i], lda = n + i;
      const float *x = noisy(b, m == 0 ? 0 : (m - 1) * lda + n, 3);
      float *got = noisy(b, n, 3), *want = copied(b, got, n), *near = copied(b, got, n);
      for (size_t row = 0; row < m; row++) {
        for (size_t column = 0; column < n; column++) want[column] += x[row * lda + column];
      }
      b->set->matrix->add_columns(m, n, x, lda, got);
      ck_matrix_reference()->add_columns(m, n, x, lda, near);
      expect_same(b, "sums of columns", got, want, n);
      expect_close(b, "sums of columns", got, near, n, 2e-5f);
      clear(b, "sums of columns");
    }
  }
}
