// The textbook loops of the matrix operations, summing in double precision: what the fast ones are held against.
#include "gemm.h"

// A stored matrix read through strides, so that a transposed operand is the same code.
typedef struct {
  const float *base;
  size_t row, column;
} operand;

static void product(size_t m, size_t n, size_t k, operand a, operand b, float beta, const float *bias, float *c,
                    size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = beta == 0 ? 0 : (double)beta * (double)c[i * ldc + j];
      if (bias) sum += (double)bias[j];
      for (size_t p = 0; p < k; p++) {
        sum += (double)a.base[i * a.row + p * a.column] * (double)b.base[p * b.row + j * b.column];
      }
      c[i * ldc + j] = (float)sum;
    }
  }
}

#define PRODUCT(name, a_row, a_column, b_row, b_column)                                                      \
  static void name(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,     \
                   float beta, const float *bias, float *c, size_t ldc) {                                    \
    product(m, n, k, (operand){a, a_row, a_column}, (operand){b, b_row, b_column}, beta, bias, c, ldc);      \
  }

PRODUCT(gemm_nn, lda, 1, ldb, 1)
PRODUCT(gemm_tn, 1, lda, ldb, 1)
PRODUCT(gemm_nt, lda, 1, 1, ldb)

static void add_columns(size_t m, size_t n, const float *a, size_t lda, float *y) {
  for (size_t j = 0; j < n; j++) {
    double sum = (double)y[j];
    for (size_t i = 0; i < m; i++) sum += (double)a[i * lda + j];
    y[j] = (float)sum;
  }
}

const ck_matrix *ck_matrix_reference(void) {
  static const ck_matrix table = {gemm_nn, gemm_tn, gemm_nt, add_columns};
  return &table;
}
