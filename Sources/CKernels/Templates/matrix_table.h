// Matrix products: tiles of C held in registers while k runs, A read where it lies, B read where it lies or from a
// packed panel on the stack. The including file sets ROWS, the height of a tile, and EACH_HEIGHT, which lists 1…ROWS.
//
// Every element of C is one chain of multiply-adds in ascending k, cut into sums of at most DEPTH terms. The cuts
// depend on k alone, so that tiles, packing and threads change no bit.

// Two vectors of columns and ROWS rows fill the registers. A panel of DEPTH rows of B fits L2 many times over, and L1
// for all but the widest set.
// HEIGHT rows of A stay in L2 while all columns of B pass. B is read where it lies, unless its rows are so far apart,
// LONG_ROW elements or more, that a tile's walk down them would need more pages than the processor keeps at hand.
enum { VECTORS = 2, COLUMNS = VECTORS * LANES, DEPTH = 256, HEIGHT = 512, LONG_ROW = 768 };

// What becomes of a tile's sums: c := sums + bias + beta·c over `width` columns; a missing bias is null.
typedef struct {
  float *c;
  size_t ldc, width;
  const float *bias;
  float beta;
  bool transposed;  // the tile's rows are columns of C
} destination;

INLINE void finish(const destination *to, size_t row, size_t vector, vf sum) {
  const size_t column = vector * LANES, left = to->width - column;
  float *c = to->c + row * to->ldc + column;
  if (to->bias) sum += fetch(to->bias + column, left);
  if (to->beta != 0) sum = multiply_add((vf)to->beta, fetch(c, left), sum);
  put(c, sum, left);
}

static void finish_transposed(const destination *to, size_t height, const float *sums);

enum tile_layout { BY_ROWS, BY_COLUMNS };

// The tile of `height` rows and `vectors` vectors of columns; row p of B is at b + p·ldb. Element (r, p) of A is
// a[r·lda + p] by rows, a[p·lda + r] by columns.
INLINE void tile(enum tile_layout layout, size_t height, size_t vectors, size_t depth, const float *a, size_t lda,
                 const float *b, size_t ldb, const destination *to) {
  vf sums[ROWS][VECTORS];
  // By rows: pointers to every third row. All rows are within reach of one addressing mode, and the pointers fit the
  // registers.
  const float *rows[(ROWS + 2) / 3];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < height; r++) {
    if (r % 3 == 0) rows[r / 3] = a + r * lda;
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) sums[r][v] = 0;
  }
  const size_t last = to->width - (vectors - 1) * LANES;
  for (size_t p = 0; p < depth; p++) {
    vf values[VECTORS];
#pragma clang loop unroll(full)
    for (size_t v = 0; v < vectors; v++) {
      values[v] = FREE_MASKS && v + 1 == vectors ? load_some(b + v * LANES, last) : load(b + v * LANES);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
      const vf factor = layout == BY_ROWS ? rows[r / 3][r % 3 * lda] : a[r];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(factor, values[v], sums[r][v]);
    }
    b += ldb;
    a += lda;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r += 3) rows[r / 3]++;
  }
  if (to->transposed) {
    float block[ROWS * COLUMNS] __attribute__((aligned(64)));
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) store(block + r * COLUMNS + v * LANES, sums[r][v]);
    }
    finish_transposed(to, height, block);
  } else if (to->width == vectors * LANES && !to->bias && to->beta == 0) {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) store(to->c + r * to->ldc + v * LANES, sums[r][v]);
    }
  } else {
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) finish(to, r, v, sums[r][v]);
    }
  }
}

typedef void (*tile_function)(size_t height, size_t depth, const float *a, size_t lda, const float *b, size_t ldb,
                              const destination *to);

#define TILE_FUNCTION(name, CASE)                                                                             \
  static void name(size_t height, size_t depth, const float *a, size_t lda, const float *b, size_t ldb,       \
                   const destination *to) {                                                                   \
    switch (height) { EACH_HEIGHT(CASE) }                                                                     \
  }
#define TILE(layout, height, vectors) \
  case height: tile(layout, height, vectors, depth, a, lda, b, ldb, to); break;

#define NARROW_BY_ROWS(height) TILE(BY_ROWS, height, 1)
#define NARROW_BY_COLUMNS(height) TILE(BY_COLUMNS, height, 1)
#define WIDE_BY_ROWS(height) TILE(BY_ROWS, height, 2)
#define WIDE_BY_COLUMNS(height) TILE(BY_COLUMNS, height, 2)

TILE_FUNCTION(narrow_tile_by_rows, NARROW_BY_ROWS)
TILE_FUNCTION(narrow_tile_by_columns, NARROW_BY_COLUMNS)
TILE_FUNCTION(wide_tile_by_rows, WIDE_BY_ROWS)
TILE_FUNCTION(wide_tile_by_columns, WIDE_BY_COLUMNS)

static const tile_function tiles[2][2] = {{narrow_tile_by_rows, wide_tile_by_rows},
                                          {narrow_tile_by_columns, wide_tile_by_columns}};

// Copies `depth` rows of `width` columns into a panel, the last vector filled up with zeros.
static void pack(const float *b, size_t ldb, size_t depth, size_t width, float *panel, size_t stride) {
  for (size_t p = 0; p < depth; p++) {
    for (size_t j = 0; j < width; j += LANES) store(panel + p * stride + j, fetch(b + p * ldb + j, width - j));
  }
}

typedef float quad __attribute__((ext_vector_type(4)));

// Writes one vector's groups of four floats below one another: rows 0, 4, 8 … of a panel.
INLINE void scatter_quads(vf v, float *panel, size_t stride, size_t count) {
#define QUAD(i, from)                                                                   \
  if (count > 4 * i) {                                                                  \
    const quad q = __builtin_shufflevector(v, v, from, from + 1, from + 2, from + 3);   \
    memcpy(panel + 4 * i * stride, &q, sizeof q);                                       \
  }
  QUAD(0, 0)
#if LANES >= 8
  QUAD(1, 4)
#endif
#if LANES >= 16
  QUAD(2, 8)
  QUAD(3, 12)
#endif
#undef QUAD
}

#if LANES == 4
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#define LOW_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 4, 5)
#define HIGH_HALVES(x, y) __builtin_shufflevector(x, y, 2, 3, 6, 7)
#elif LANES == 8
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_HALVES(x, y) __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#else
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31)
#define LOW_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH_HALVES(x, y) __builtin_shufflevector(x, y, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#endif

// The same of a stored transpose: `width` rows of `depth` columns, transposed four rows at a time.
static void pack_transposed(const float *b, size_t ldb, size_t depth, size_t width, float *panel, size_t stride) {
  for (size_t j = 0; j < stride; j += 4) {
    for (size_t p = 0; p < depth; p += LANES) {
      const size_t count = depth - p;
      const float *from = b + j * ldb + p;
      const vf r0 = j < width ? fetch(from, count) : 0;
      const vf r1 = j + 1 < width ? fetch(from + ldb, count) : 0;
      const vf r2 = j + 2 < width ? fetch(from + 2 * ldb, count) : 0;
      const vf r3 = j + 3 < width ? fetch(from + 3 * ldb, count) : 0;
      const vf low01 = LOW_PAIRS(r0, r1), high01 = HIGH_PAIRS(r0, r1);
      const vf low23 = LOW_PAIRS(r2, r3), high23 = HIGH_PAIRS(r2, r3);
      float *to = panel + p * stride + j;
      scatter_quads(LOW_HALVES(low01, low23), to, stride, count);
      if (count > 1) scatter_quads(HIGH_HALVES(low01, low23), to + stride, stride, count - 1);
      if (count > 2) scatter_quads(LOW_HALVES(high01, high23), to + 2 * stride, stride, count - 2);
      if (count > 3) scatter_quads(HIGH_HALVES(high01, high23), to + 3 * stride, stride, count - 3);
    }
  }
}

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// One call cut into equal parts of at most `most`.
INLINE size_t part(size_t whole, size_t most) {
  const size_t parts = (whole + most - 1) / most;
  return (whole + parts - 1) / parts;
}

// A stored matrix. As the left factor its k runs along the rows, unless it is transposed; as the right one, down them.
typedef struct {
  const float *base;
  size_t stride;
  bool transposed;
} operand;

// A tile's rows leave as columns: transposed through a panel, then written row by row.
static void finish_transposed(const destination *to, size_t height, const float *sums) {
  enum { STEP = (ROWS + LANES - 1) / LANES * LANES };
  float panel[COLUMNS * STEP] __attribute__((aligned(64)));
  pack_transposed(sums, COLUMNS, to->width, height, panel, STEP);
  const destination rows = {to->c, to->ldc, height, to->bias, to->beta, false};
  for (size_t i = 0; i < to->width; i++) {
    for (size_t v = 0; v * LANES < height; v++) finish(&rows, i, v, load(panel + i * STEP + v * LANES));
  }
}

// C, or Cᵀ if `swapped`, in the order that suits the caches: parts of k, parts of A that fit L2, panels of B.
static void multiply(size_t m, size_t n, size_t k, operand a, operand b, float beta, const float *bias, float *c,
                     size_t ldc, bool swapped) {
  float panel[DEPTH * COLUMNS] __attribute__((aligned(64)));
  const size_t depth_of_part = part(k, DEPTH), rows_of_part = part(m, HEIGHT);
  for (size_t p = 0; p < k; p += depth_of_part) {
    const size_t depth = smaller(depth_of_part, k - p);
    const float keep = p == 0 ? beta : 1;
    const float *added = p == 0 ? bias : NULL;
    for (size_t first = 0; first < m; first += rows_of_part) {
      const size_t end = smaller(first + rows_of_part, m), height = part(end - first, ROWS);
      for (size_t j = 0; j < n; j += COLUMNS) {
        const size_t width = smaller(COLUMNS, n - j), wide = width > LANES;
        const float *rows = b.base + (b.transposed ? j * b.stride + p : p * b.stride + j);
        size_t step = wide ? COLUMNS : LANES;
        if (b.transposed) {
          pack_transposed(rows, b.stride, depth, width, panel, step);
          rows = panel;
        } else if ((width % LANES != 0 && !FREE_MASKS) || (b.stride >= LONG_ROW && end - first > 2 * ROWS)) {
          pack(rows, b.stride, depth, width, panel, step);
          rows = panel;
        } else {
          step = b.stride;
        }
        for (size_t i = first; i < end; i += height) {
          const size_t row = swapped ? j : i, column = swapped ? i : j;
          const destination to = {c + row * ldc + column, ldc, width, added ? added + column : NULL, keep, swapped};
          tiles[a.transposed][wide](smaller(height, end - i), depth,
                                    a.base + (a.transposed ? p * a.stride + i : i * a.stride + p), a.stride, rows,
                                    step, &to);
        }
      }
    }
  }
}

// The cost of a product in multiply-adds of vectors: the columns are filled up to whole vectors, and the transposition
// of the right factor takes about six for the elements of one.
INLINE size_t cost(size_t m, size_t n, size_t k, bool b_transposed) {
  const size_t vectors = (n + LANES - 1) / LANES;
  return vectors * k * (m + (b_transposed ? 6 : 0));
}

INLINE size_t transposed_cost(size_t m, size_t n, size_t k, bool a_transposed) {
  return cost(n, m, k, !a_transposed) + m * n / 2;
}

static void product(size_t m, size_t n, size_t k, operand a, operand b, float beta, const float *bias, float *c,
                    size_t ldc) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (size_t i = 0; i < m; i++) {
      const destination row = {c + i * ldc, ldc, n, bias, beta, false};
      for (size_t v = 0; v * LANES < n; v++) finish(&row, 0, v, 0);
    }
    return;
  }
  // Columns past the last whole vector go alone, if that makes their transpose worth while.
  const size_t rest = n % LANES, whole = n - rest;
  if (rest != 0 && whole != 0 && transposed_cost(m, rest, k, a.transposed) < m * k) {
    const operand right = {b.base + (b.transposed ? whole * b.stride : whole), b.stride, b.transposed};
    product(m, whole, k, a, b, beta, bias, c, ldc);
    product(m, rest, k, a, right, beta, bias ? bias + whole : NULL, c + whole, ldc);
    return;
  }
  // A C of few columns leaves most of each vector empty; its transpose fills them, at the price of turning the result.
  if (transposed_cost(m, n, k, a.transposed) < cost(m, n, k, b.transposed)) {
    const operand left = {b.base, b.stride, !b.transposed}, right = {a.base, a.stride, !a.transposed};
    multiply(n, m, k, left, right, beta, bias, c, ldc, true);
  } else {
    multiply(m, n, k, a, b, beta, bias, c, ldc, false);
  }
}

#define PRODUCT(name, a_transposed, b_transposed)                                                                 \
  static void name(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,          \
                   float beta, const float *bias, float *c, size_t ldc) {                                         \
    product(m, n, k, (operand){a, lda, a_transposed}, (operand){b, ldb, b_transposed}, beta, bias, c, ldc);       \
  }

PRODUCT(gemm_nn, false, false)
PRODUCT(gemm_tn, true, false)
PRODUCT(gemm_nt, false, true)

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
