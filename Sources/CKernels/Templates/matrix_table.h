// Matrix products: C in tiles, A and B read where they lie or from panels on the stack.
//
// Every element of C is one chain of multiply-adds in ascending k, cut into sums of at most DEPTH terms. The cuts
// depend on k alone, so that tiles, packing and threads change no bit.

#include "matrix_packing.h"
#include "matrix_tile.h"

// A panel of DEPTH rows of B fits L2 many times over, and L1 for all but the widest set. HEIGHT rows of A stay in L2
// while all columns of B pass.
//
// Stored rows that are far apart, and more of them than PAGES, need more pages than the processor keeps at hand when a
// tile walks down them, and where they are a kilobyte or a multiple apart, their lines compete for a few places of the
// first-level cache, which the few lines of a narrow tile would otherwise all fit. They are copied to lie close if there
// are tiles enough to repay it: a panel of B at a time, and of a transposed A as much as makes NEAR_ROWS rows of C.
enum {
  DEPTH = 256,
  HEIGHT = 512,
  PAGES = 32,
  FAR_ROW = VECTORS > 2 ? 768 : 256,
  NEAR_ROWS = 120,
  NEAR_STRIDE = 128,
};

// One call cut into equal parts of at most `most`.
INLINE size_t part(size_t whole, size_t most) {
  const size_t parts = (whole + most - 1) / most;
  return (whole + parts - 1) / parts;
}

// `height` rows of A times a panel of B that lies in rows: tiles of equal height, and a lower one for what is left.
INLINE void multiply_panel(size_t height, size_t depth, operand a, operand b, destination to) {
  const size_t vectors = (to.width + LANES - 1) / LANES;
  const tile_function *functions = (to.width % LANES == 0 ? whole_tiles : partial_tiles)[vectors - 1];
  const size_t step = part(height, heights[vectors - 1]), count = height / step, rest = height % step;
  functions[step - 1](count, depth, a.base, a.row, a.column, b.base, b.row, &to);
  if (rest == 0) return;
  const destination below = lowered(to, height - rest);
  functions[rest - 1](1, depth, from(a, height - rest, 0).base, a.row, a.column, b.base, b.row, &below);
}

// C, or Cᵀ if `swapped`, in the order that suits the caches: parts of k, parts of A that fit L2, panels of B.
static void multiply(size_t m, size_t n, size_t k, operand a, operand b, float beta, const float *bias, float *c,
                     size_t ldc, bool swapped) {
  float block[DEPTH * NEAR_STRIDE] __attribute__((aligned(64)));
  float panel[DEPTH * COLUMNS] __attribute__((aligned(64)));
  const bool copies_a = a.column >= FAR_ROW && k > PAGES && n >= 4 * COLUMNS;
  const bool copies_b = b.row >= FAR_ROW && k > PAGES;
  const size_t depth_of_part = part(k, DEPTH), rows_of_part = part(m, copies_a ? NEAR_ROWS : HEIGHT);
  for (size_t p = 0; p < k; p += depth_of_part) {
    const size_t depth = smaller(depth_of_part, k - p);
    for (size_t i = 0; i < m; i += rows_of_part) {
      const size_t height = smaller(rows_of_part, m - i);
      operand left = from(a, i, p);
      if (copies_a) {
        copy_rows(left.base, left.column, depth, height, block, NEAR_STRIDE);
        left = (operand){block, 1, NEAR_STRIDE};
      }
      for (size_t j = 0; j < n; j += COLUMNS) {
        const size_t width = smaller(COLUMNS, n - j);
        operand right = from(b, p, j);
        if (b.column != 1) {
          copy_transposed(right.base, right.column, width, depth, panel, COLUMNS);
          right = (operand){panel, COLUMNS, 1};
        } else if ((copies_b && height > 2 * MOST_ROWS) || (width % LANES != 0 && !CHEAP_MASKS)) {
          copy_rows(right.base, right.row, depth, width, panel, COLUMNS);
          right = (operand){panel, COLUMNS, 1};
        }
        const size_t row = swapped ? j : i, column = swapped ? i : j;
        const float *added = bias && p == 0 ? bias + column : NULL;
        const destination to = {c + row * ldc + column, ldc, width, added, p == 0 ? beta : 1, swapped};
        multiply_panel(height, depth, left, right, to);
      }
    }
  }
}

// The cost of a product in multiply-adds of vectors: the columns are filled up to whole vectors, and the transposition
// of the right factor takes about six for the elements of one.
INLINE size_t cost(size_t m, size_t n, size_t k, operand b) {
  const size_t vectors = (n + LANES - 1) / LANES;
  return vectors * k * (m + (b.column != 1 ? 6 : 0));
}

INLINE size_t transposed_cost(size_t m, size_t n, size_t k, operand a) {
  return cost(n, m, k, transposed(a)) + m * (n + 7) / 8 * 3;
}

static void product(size_t m, size_t n, size_t k, operand a, operand b, float beta, const float *bias, float *c,
                    size_t ldc) {
  // Columns past the last whole vector go alone, if that makes their transpose worth while.
  const size_t rest = n % LANES, whole = n - rest;
  if (rest != 0 && whole != 0 && transposed_cost(m, rest, k, a) < m * k) {
    product(m, whole, k, a, b, beta, bias, c, ldc);
    product(m, rest, k, a, from(b, 0, whole), beta, bias ? bias + whole : NULL, c + whole, ldc);
    return;
  }
  // A C of few columns leaves most of each vector empty; its transpose fills them, at the price of turning the result.
  if (transposed_cost(m, n, k, a) < cost(m, n, k, b)) {
    multiply(n, m, k, transposed(b), transposed(a), beta, bias, c, ldc, true);
  } else {
    multiply(m, n, k, a, b, beta, bias, c, ldc, false);
  }
}

// Without terms.
static void empty_product(size_t m, size_t n, float beta, const float *bias, float *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j += LANES) {
      vf sum = bias ? fetch(bias + j, n - j) : 0;
      if (beta != 0) sum = multiply_add((vf)beta, fetch(c + i * ldc + j, n - j), sum);
      put(c + i * ldc + j, sum, n - j);
    }
  }
}

#define PRODUCT(name, a_row, a_column, b_row, b_column)                                                         \
  static void name(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,        \
                   float beta, const float *bias, float *c, size_t ldc) {                                       \
    if (m == 0 || n == 0) return;                                                                               \
    if (k == 0) {                                                                                               \
      empty_product(m, n, beta, bias, c, ldc);                                                                  \
    } else {                                                                                                    \
      product(m, n, k, (operand){a, a_row, a_column}, (operand){b, b_row, b_column}, beta, bias, c, ldc);       \
    }                                                                                                           \
  }

PRODUCT(gemm_nn, lda, 1, ldb, 1)
PRODUCT(gemm_tn, 1, lda, ldb, 1)
PRODUCT(gemm_nt, lda, 1, 1, ldb)

static void add_columns(size_t m, size_t n, const float *a, size_t lda, float *y) {
  size_t j = 0;
  // Four chains of sums hide the latency of additions.
  for (; j + 4 * LANES <= n; j += 4 * LANES) {
    vf s0 = load(y + j), s1 = load(y + j + LANES), s2 = load(y + j + 2 * LANES), s3 = load(y + j + 3 * LANES);
    for (size_t i = 0; i < m; i++) {
      const float *row = a + i * lda + j;
      s0 += load(row), s1 += load(row + LANES), s2 += load(row + 2 * LANES), s3 += load(row + 3 * LANES);
    }
    store(y + j, s0), store(y + j + LANES, s1), store(y + j + 2 * LANES, s2), store(y + j + 3 * LANES, s3);
  }
  for (; j < n; j += LANES) {
    vf sum = fetch(y + j, n - j);
    for (size_t i = 0; i < m; i++) sum += fetch(a + i * lda + j, n - j);
    put(y + j, sum, n - j);
  }
}

static const ck_matrix matrix = {gemm_nn, gemm_tn, gemm_nt, add_columns};
