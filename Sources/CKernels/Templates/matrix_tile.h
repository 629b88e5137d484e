// The micro-kernels of the matrix products: tiles of C held in registers while k runs.
//
// The including file sets VECTORS, the most vectors of columns in a tile; HEIGHTS, the most rows for each number of
// vectors from one on; and TILES(X), which applies X to each of these heights.

enum { COLUMNS = VECTORS * LANES, MOST_ROWS = 12 };

static const size_t heights[VECTORS] = HEIGHTS;

// What becomes of a tile's sums: c := sums + bias + beta·c over `width` columns; a missing bias is null.
typedef struct {
  float *c;
  size_t ldc, width;
  const float *bias;
  float beta;
  bool transposed;  // the tile's rows are columns of C
} destination;

// What becomes of the tile that lies `rows` of its rows below another.
INLINE destination lowered(destination to, size_t rows) {
  to.c += to.transposed ? rows : rows * to.ldc;
  if (to.transposed && to.bias) to.bias += rows;
  return to;
}

#if LANES == 16
INLINE strip fetch_strip(const float *p, size_t left) {
  return (strip)_mm256_maskz_loadu_ps((__mmask8)(left < 8 ? (1u << left) - 1 : 255), p);
}

INLINE void put_strip(float *p, strip v, size_t left) {
  _mm256_mask_storeu_ps(p, (__mmask8)(left < 8 ? (1u << left) - 1 : 255), v);
}
#else
#define fetch_strip fetch
#define put_strip put
#endif

// sum + bias + beta·c, in the order that the tiles that are not transposed keep.
INLINE strip finished(const destination *to, strip sum, strip bias, const float *c, size_t left) {
  if (to->bias) sum += bias;
  if (to->beta == 0) return sum;
  const strip old = fetch_strip(c, left);
  return to->beta == 1 ? sum + old : MULTIPLY_ADD((strip)to->beta, old, sum);
}

// A tile's rows leave as columns. All of a square is read before any of it is written: the processor holds back what it
// reads from under an incomplete store.
static void finish_transposed(destination to, size_t height, const float *sums) {
  if (height == 1 && to.ldc == 1) {
    // One column alone lies as a row does.
    for (size_t i = 0; i < to.width; i += SIDE) {
      strip sum;
      memcpy(&sum, sums + i, sizeof sum);
      const size_t left = to.width - i;
      put_strip(to.c + i, finished(&to, sum, to.bias ? to.bias[0] : 0, to.c + i, left), left);
    }
    return;
  }
  for (size_t r = 0; r < height; r += SIDE) {
    const size_t left = height - r;
    const strip bias = to.bias ? fetch_strip(to.bias + r, left) : 0;
    for (size_t i = 0; i < to.width; i += SIDE) {
      const size_t count = smaller(to.width - i, SIDE);
      float *c = to.c + i * to.ldc + r;
      strip rows[SIDE];
      transpose(sums + r * COLUMNS + i, COLUMNS, left, SIDE, rows);
      for (size_t j = 0; j < count; j++) rows[j] = finished(&to, rows[j], bias, c + j * to.ldc, left);
      for (size_t j = 0; j < count; j++) put_strip(c + j * to.ldc, rows[j], left);
    }
  }
}

// Tiles of `height` rows and `vectors` vectors of columns, the last of them incomplete if `partial`; `count` of them
// one below another. Row p of B is at b + p·ldb, element (i, p) of A at a[i·a_row + p·a_column].
INLINE void tiles(size_t height, size_t vectors, bool partial, size_t count, size_t depth, const float *a,
                  size_t a_row, size_t a_column, const float *b, size_t ldb, const destination *target) {
  destination to = *target;
  const size_t last = to.width - (vectors - 1) * LANES;
#define IS_PARTIAL(v) (partial && v + 1 == vectors)
  for (; count > 0; count--) {
    vf sums[MOST_ROWS][VECTORS];
    // Pointers to every third row: all rows are within reach of one addressing mode, and the pointers fit the
    // registers.
    const float *rows[MOST_ROWS / 3], *row_of_b = b;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
      if (r % 3 == 0) rows[r / 3] = a + r * a_row;
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) sums[r][v] = 0;
    }
    if (!to.transposed) {
      // C comes near while the sums are made.
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) __builtin_prefetch(to.c + r * to.ldc + v * LANES, 1);
      }
    }
    for (size_t p = 0; p < depth; p++) {
      vf values[VECTORS];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        values[v] = IS_PARTIAL(v) ? load_some(row_of_b + v * LANES, last) : load(row_of_b + v * LANES);
      }
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r++) {
        const vf factor = rows[r / 3][r % 3 * a_row];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(factor, values[v], sums[r][v]);
      }
      row_of_b += ldb;
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r += 3) rows[r / 3] += a_column;
    }
    a += height * a_row;
    if (to.transposed) {
      float block[MOST_ROWS * COLUMNS] __attribute__((aligned(64)));
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) store(block + r * COLUMNS + v * LANES, sums[r][v]);
      }
      finish_transposed(to, height, block);
      to.c += height;
      if (to.bias) to.bias += height;
      continue;
    }
    if (to.bias) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        const vf bias = IS_PARTIAL(v) ? load_some(to.bias + v * LANES, last) : load(to.bias + v * LANES);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < height; r++) sums[r][v] += bias;
      }
    }
    // The units that multiply are the busy ones: a factor of one is left out.
    const bool is_scaled = to.beta != 1;
    if (to.beta != 0) {
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
          const float *c = to.c + r * to.ldc + v * LANES;
          const vf old = IS_PARTIAL(v) ? load_some(c, last) : load(c);
          sums[r][v] = is_scaled ? multiply_add((vf)to.beta, old, sums[r][v]) : old + sums[r][v];
        }
      }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        if (IS_PARTIAL(v)) {
          store_some(to.c + v * LANES, sums[r][v], last);
        } else {
          store(to.c + v * LANES, sums[r][v]);
        }
      }
      to.c += to.ldc;
    }
  }
#undef IS_PARTIAL
}

typedef void (*tile_function)(size_t count, size_t depth, const float *a, size_t a_row, size_t a_column, const float *b,
                              size_t ldb, const destination *to);

#define UP_TO_4(X, v) X(v, 1) X(v, 2) X(v, 3) X(v, 4)
#define UP_TO_6(X, v) UP_TO_4(X, v) X(v, 5) X(v, 6)
#define UP_TO_8(X, v) UP_TO_6(X, v) X(v, 7) X(v, 8)
#define UP_TO_12(X, v) UP_TO_8(X, v) X(v, 9) X(v, 10) X(v, 11) X(v, 12)

#define TILE_FUNCTION(name, vectors, height, partial)                                                           \
  static void name(size_t count, size_t depth, const float *a, size_t a_row, size_t a_column, const float *b,   \
                   size_t ldb, const destination *to) {                                                         \
    tiles(height, vectors, partial, count, depth, a, a_row, a_column, b, ldb, to);                              \
  }
#define TILE_FUNCTIONS(vectors, height)                                    \
  TILE_FUNCTION(whole_##vectors##_##height, vectors, height, false)        \
  TILE_FUNCTION(partial_##vectors##_##height, vectors, height, true)
TILES(TILE_FUNCTIONS)
#undef TILE_FUNCTIONS

#define WHOLE(vectors, height) [vectors - 1][height - 1] = whole_##vectors##_##height,
#define PARTIAL(vectors, height) [vectors - 1][height - 1] = partial_##vectors##_##height,
static const tile_function whole_tiles[VECTORS][MOST_ROWS] = {TILES(WHOLE)};
static const tile_function partial_tiles[VECTORS][MOST_ROWS] = {TILES(PARTIAL)};
