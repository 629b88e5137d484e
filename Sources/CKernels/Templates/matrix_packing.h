// Stored matrices read and rearranged: copied into panels that suit the caches, and transposed in registers.

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// A stored matrix, or its transpose: element (i, j) is at base[i·row + j·column].
typedef struct {
  const float *base;
  size_t row, column;
} operand;

INLINE operand from(operand a, size_t i, size_t j) {
  return (operand){a.base + i * a.row + j * a.column, a.row, a.column};
}

INLINE operand transposed(operand a) { return (operand){a.base, a.column, a.row}; }

// Squares of SIDE × SIDE numbers are transposed in registers. Whole vectors of sixteen would take more shuffles.
enum { SIDE = LANES < 8 ? LANES : 8 };
typedef float strip __attribute__((ext_vector_type(SIDE)));
typedef float quad __attribute__((ext_vector_type(4)));

// Up to four of the `left` numbers at p; zeros follow.
INLINE quad fetch_quad(const float *p, size_t left) {
  quad q = 0;
  if (left >= 4) {
    memcpy(&q, p, sizeof q);
  } else {
#if LANES == 16
    q = (quad)_mm_maskz_loadu_ps((__mmask8)((1u << left) - 1), p);
#elif LANES == 8
    q = (quad)_mm_maskload_ps(p, _mm256_castsi256_si128(first_lanes(left)));
#else
    q = load_some(p, left);
#endif
  }
  return q;
}

#if LANES == 4
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#define LOW_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 4, 5)
#define HIGH_HALVES(x, y) __builtin_shufflevector(x, y, 2, 3, 6, 7)
#else
#define LOW_PAIRS(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_PAIRS(x, y) __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_HALVES(x, y) __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_HALVES(x, y) __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15)
#endif

// The square at `a`, of which `height` rows and `width` columns exist: strip j is column j. What lies past the rows
// repeats the last one, past the columns are zeros.
INLINE void transpose(const float *a, size_t stride, size_t height, size_t width, strip columns[SIDE]) {
#pragma clang loop unroll(full)
  for (size_t j = 0; j < SIDE; j += 4) {
    strip rows[4];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const size_t left = width > j ? width - j : 0;
      const quad low = fetch_quad(a + (i < height ? i : height - 1) * stride + j, left);
#if LANES == 4
      rows[i] = low;
#else
      const quad high = fetch_quad(a + (i + 4 < height ? i + 4 : height - 1) * stride + j, left);
      rows[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
#endif
    }
    const strip low01 = LOW_PAIRS(rows[0], rows[1]), high01 = HIGH_PAIRS(rows[0], rows[1]);
    const strip low23 = LOW_PAIRS(rows[2], rows[3]), high23 = HIGH_PAIRS(rows[2], rows[3]);
    columns[j] = LOW_HALVES(low01, low23), columns[j + 1] = HIGH_HALVES(low01, low23);
    columns[j + 2] = LOW_HALVES(high01, high23), columns[j + 3] = HIGH_HALVES(high01, high23);
  }
}

// Copies `height` rows of `width` numbers, the last vector filled up with zeros.
static void copy_rows(const float *a, size_t lda, size_t height, size_t width, float *panel, size_t stride) {
  for (size_t i = 0; i < height; i++) {
    for (size_t j = 0; j < width; j += LANES) store(panel + i * stride + j, fetch(a + i * lda + j, width - j));
  }
}

// Copies the transpose of `height` rows of `width` numbers; a row of the panel is filled up to a whole strip.
static void copy_transposed(const float *a, size_t lda, size_t height, size_t width, float *panel, size_t stride) {
  // A few cache lines of every row at a time, whose places in the panel fit L1.
  enum { STEP = 64 };
  for (size_t start = 0; start < width; start += STEP) {
    const size_t end = smaller(start + STEP, width);
    for (size_t i = 0; i < height; i += SIDE) {
      for (size_t j = start; j < end; j += SIDE) {
        strip columns[SIDE];
        const float *square = a + i * lda + j;
        float *to = panel + j * stride + i;
        if (height - i >= SIDE && width - j >= SIDE) {
          transpose(square, lda, SIDE, SIDE, columns);
#pragma clang loop unroll(full)
          for (size_t c = 0; c < SIDE; c++) memcpy(to + c * stride, &columns[c], sizeof(strip));
        } else {
          transpose(square, lda, height - i, width - j, columns);
          for (size_t c = 0; c < SIDE && c < width - j; c++) memcpy(to + c * stride, &columns[c], sizeof(strip));
        }
      }
    }
  }
}
