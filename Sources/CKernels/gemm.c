// Matrix products by register blocks over packed panels, and the textbook loops that tests hold them against.
#include "CKernels.h"

#include <string.h>

// A block of ROWS×COLUMNS sums lives in registers while k runs: 8 vectors of four floats, which leaves the other
// eight of the sixteen baseline registers to the operands. DEPTH rows of a panel of B (8 KiB) stay in L1.
enum { LANES = 4, VECTORS = 2, ROWS = 4, COLUMNS = LANES * VECTORS, DEPTH = 256 };

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

// A stored matrix read through strides, so that a transposed operand is the same code.
typedef struct {
  const float *base;
  size_t row, column;
} operand;

// Copies rows p … p+depth of columns j … j+width of B into a dense panel; missing columns become zero.
static void pack(operand b, size_t p, size_t depth, size_t j, size_t width, float *restrict panel) {
  const float *from = b.base + p * b.row + j * b.column;
  if (b.column == 1 && width == COLUMNS) {
    for (size_t i = 0; i < depth; i++) {
      memcpy(panel + i * COLUMNS, from + i * b.row, COLUMNS * sizeof(float));
    }
    return;
  }
  memset(panel, 0, depth * COLUMNS * sizeof(float));
  for (size_t c = 0; c < width; c++) {
    for (size_t i = 0; i < depth; i++) {
      panel[i * COLUMNS + c] = from[i * b.row + c * b.column];
    }
  }
}

// sums[r] := Σₚ a[r][p] · panel[p], p ascending.
static inline void multiply(size_t depth, const float *const a[ROWS], size_t step, const float *restrict panel,
                            lanes sums[ROWS][VECTORS]) {
  lanes s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0}, s20 = {0}, s21 = {0}, s30 = {0}, s31 = {0};
  const float *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3];
  for (size_t p = 0; p < depth; p++) {
    lanes left, right;
    memcpy(&left, panel + p * COLUMNS, sizeof left);
    memcpy(&right, panel + p * COLUMNS + LANES, sizeof right);
    const float f0 = a0[p * step], f1 = a1[p * step], f2 = a2[p * step], f3 = a3[p * step];
    s00 += f0 * left, s01 += f0 * right;
    s10 += f1 * left, s11 += f1 * right;
    s20 += f2 * left, s21 += f2 * right;
    s30 += f3 * left, s31 += f3 * right;
  }
  sums[0][0] = s00, sums[0][1] = s01, sums[1][0] = s10, sums[1][1] = s11;
  sums[2][0] = s20, sums[2][1] = s21, sums[3][0] = s30, sums[3][1] = s31;
}

// c[j] := sums[j] + beta·c[j] for the columns that exist.
static inline void store(size_t width, const lanes *sums, float beta, float *c) {
  const float *from = (const float *)sums;
  if (beta == 0) {
    memcpy(c, from, width * sizeof(float));
  } else if (beta == 1) {
    for (size_t j = 0; j < width; j++) c[j] += from[j];
  } else {
    for (size_t j = 0; j < width; j++) c[j] = from[j] + beta * c[j];
  }
}

static void scale(size_t m, size_t n, float beta, float *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
  }
}

static void gemm(size_t m, size_t n, size_t k, operand a, operand b, float beta, float *c, size_t ldc) {
  float panel[DEPTH * COLUMNS];
  if (k == 0) scale(m, n, beta, c, ldc);
  for (size_t p = 0; p < k; p += DEPTH) {
    const size_t depth = k - p < DEPTH ? k - p : DEPTH;
    const float keep = p == 0 ? beta : 1;
    for (size_t j = 0; j < n; j += COLUMNS) {
      const size_t width = n - j < COLUMNS ? n - j : COLUMNS;
      pack(b, p, depth, j, width, panel);
      for (size_t i = 0; i < m; i += ROWS) {
        const size_t height = m - i < ROWS ? m - i : ROWS;
        const float *rows[ROWS];
        for (size_t r = 0; r < ROWS; r++) {
          // Rows past the end repeat the last one, so that the inner loop needs no cases.
          rows[r] = a.base + (i + (r < height ? r : height - 1)) * a.row + p * a.column;
        }
        lanes sums[ROWS][VECTORS];
        multiply(depth, rows, a.column, panel, sums);
        for (size_t r = 0; r < height; r++) store(width, sums[r], keep, c + (i + r) * ldc + j);
      }
    }
  }
}

static void gemm_nn(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float beta,
                    float *c, size_t ldc) {
  gemm(m, n, k, (operand){a, lda, 1}, (operand){b, ldb, 1}, beta, c, ldc);
}

static void gemm_tn(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float beta,
                    float *c, size_t ldc) {
  gemm(m, n, k, (operand){a, 1, lda}, (operand){b, ldb, 1}, beta, c, ldc);
}

static void gemm_nt(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float beta,
                    float *c, size_t ldc) {
  gemm(m, n, k, (operand){a, lda, 1}, (operand){b, 1, ldb}, beta, c, ldc);
}

static void fill_rows(size_t m, size_t n, const float *x, float *y, size_t ldy) {
  for (size_t i = 0; i < m; i++) memcpy(y + i * ldy, x, n * sizeof(float));
}

static void add_columns(size_t m, size_t n, const float *a, size_t lda, float *restrict y) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) y[j] += a[i * lda + j];
  }
}

static void reference(size_t m, size_t n, size_t k, operand a, operand b, float beta, float *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) {
      double sum = beta == 0 ? 0 : (double)beta * c[i * ldc + j];
      for (size_t p = 0; p < k; p++) {
        sum += (double)a.base[i * a.row + p * a.column] * b.base[p * b.row + j * b.column];
      }
      c[i * ldc + j] = (float)sum;
    }
  }
}

static void reference_nn(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                         float beta, float *c, size_t ldc) {
  reference(m, n, k, (operand){a, lda, 1}, (operand){b, ldb, 1}, beta, c, ldc);
}

static void reference_tn(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                         float beta, float *c, size_t ldc) {
  reference(m, n, k, (operand){a, 1, lda}, (operand){b, ldb, 1}, beta, c, ldc);
}

static void reference_nt(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                         float beta, float *c, size_t ldc) {
  reference(m, n, k, (operand){a, lda, 1}, (operand){b, 1, ldb}, beta, c, ldc);
}

static void reference_fill_rows(size_t m, size_t n, const float *x, float *y, size_t ldy) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) y[i * ldy + j] = x[j];
  }
}

static void reference_add_columns(size_t m, size_t n, const float *a, size_t lda, float *y) {
  for (size_t j = 0; j < n; j++) {
    double sum = y[j];
    for (size_t i = 0; i < m; i++) sum += a[i * lda + j];
    y[j] = (float)sum;
  }
}

const ck_matrix *ck_matrix_baseline(void) {
  static const ck_matrix table = {gemm_nn, gemm_tn, gemm_nt, fill_rows, add_columns};
  return &table;
}

const ck_matrix *ck_matrix_reference(void) {
  static const ck_matrix table = {reference_nn, reference_tn, reference_nt, reference_fill_rows,
                                  reference_add_columns};
  return &table;
}

const char *ck_instruction_set(void) { return "baseline"; }
