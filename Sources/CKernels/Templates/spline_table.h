// The splines of one instruction set: a block of elements finds its pieces, fetches their polynomials, which are
// transposed on the way, and evaluates them a vector at a time.

enum { SPLINE_BLOCK = 64 };

// A block's pieces, by the number of numbers before each, and the powers' base u.
typedef struct {
  _Alignas(64) float u[SPLINE_BLOCK];
  _Alignas(64) int32_t at[SPLINE_BLOCK];
  _Alignas(64) float a[4][SPLINE_BLOCK];
} spline_block;

// Four vectors of four, transposed in place.
INLINE void transpose_quads(quad v[4]) {
  const quad low01 = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5);
  const quad high01 = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  const quad low23 = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5);
  const quad high23 = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
  v[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
  v[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

// Finds the pieces of the elements of x that belong to a row from a unit on, at most SPLINE_BLOCK of them: how many.
INLINE size_t find_pieces(
    spline_block *block, ck_spline spline, ck_spline_sharing sharing, ptrdiff_t row, ptrdiff_t unit, ptrdiff_t units,
    const float *x, const float *pieces) {
  const size_t n = smaller((size_t)(units - unit), SPLINE_BLOCK);
  const int32_t sets = (int32_t)sharing.sets, per_unit = (int32_t)sharing.per_unit;
  const int32_t set = (int32_t)(row * sharing.per_row + unit * sharing.per_unit);
  const float per_step = 1 / spline.step, last = (float)(spline.knots - 1);
  for (size_t i = 0; i < n; i += LANES) {
    const vf t = (fetch(x + i, n - i) - spline.low) * per_step;
    // Comparisons with NaN are false: it gets the first piece, and stays NaN in u.
    const vf positive = t > 0 ? t : 0;
    const vi knot = __builtin_convertvector(positive < last ? positive : (vf)last, vi);
    const vi piece = t >= 0 ? knot + 1 : 0;
    store(block->u + i, t - __builtin_convertvector(knot, vf));
    const vi at = 4 * (piece * sets + set);
    memcpy(block->at + i, &at, sizeof at);
  }
  for (size_t i = 0; i < n; i++) block->at[i] += 4 * (int32_t)i * per_unit;
  for (size_t i = n; i % 4 != 0; i++) block->at[i] = 0;
  for (size_t i = 0; i < n; i += 4) {
    quad v[4];
    for (size_t j = 0; j < 4; j++) memcpy(&v[j], pieces + block->at[i + j], sizeof v[j]);
    transpose_quads(v);
    for (size_t m = 0; m < 4; m++) memcpy(block->a[m] + i, &v[m], sizeof v[m]);
  }
  return n;
}

// One row is enough where all elements use one set.
INLINE void flatten(ck_spline_sharing *sharing, ptrdiff_t *rows, ptrdiff_t *units) {
  if (sharing->sets > 1) return;
  *sharing = (ck_spline_sharing){1, 0, 0};
  *units *= *rows;
  *rows = *units > 0;
}

static void spline_value(
    ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *x, float *y,
    const float *coefficients, float *memory) {
  ck_spline_pieces(spline, (size_t)sharing.sets, coefficients, memory);
  flatten(&sharing, &rows, &units);
  spline_block block;
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t unit = 0; unit < units; unit += SPLINE_BLOCK) {
      const ptrdiff_t element = row * units + unit;
      const size_t n = find_pieces(&block, spline, sharing, row, unit, units, x + element, memory);
      for (size_t i = 0; i < n; i += LANES) {
        const vf u = load(block.u + i);
        vf sum = multiply_add(load(block.a[3] + i), u, load(block.a[2] + i));
        sum = multiply_add(sum, u, load(block.a[1] + i));
        put(y + element + i, multiply_add(sum, u, load(block.a[0] + i)), n - i);
      }
    }
  }
}

static void spline_gradient(
    ck_spline spline, ck_spline_sharing sharing, ptrdiff_t rows, ptrdiff_t units, const float *x, const float *dy,
    float *dx, const float *coefficients, float *gradients, float *memory) {
  const size_t sets = (size_t)sharing.sets, size = ck_spline_piece_size(spline, sets);
  ck_spline_pieces(spline, sets, coefficients, memory);
  const size_t copies = ck_spline_copies(sets);
  float *moments = memory + size;
  memset(moments, 0, copies * size * sizeof *moments);
  flatten(&sharing, &rows, &units);
  const float per_step = 1 / spline.step;
  spline_block block;
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t unit = 0; unit < units; unit += SPLINE_BLOCK) {
      const ptrdiff_t element = row * units + unit;
      const size_t n = find_pieces(&block, spline, sharing, row, unit, units, x + element, memory);
      for (size_t i = 0; i < n; i += LANES) {
        const vf u = load(block.u + i), upstream = fetch(dy + element + i, n - i);
        vf slope = multiply_add(3 * load(block.a[3] + i), u, 2 * load(block.a[2] + i));
        slope = multiply_add(slope, u, load(block.a[1] + i));
        put(dx + element + i, upstream * slope * per_step, n - i);
        // From here on the block holds dy times the powers of u.
        vf moment = upstream;
        for (size_t m = 0; m < 4; m++) {
          store(block.a[m] + i, moment);
          moment *= u;
        }
      }
      for (size_t i = 0; i < n; i += 4) {
        quad v[4];
        for (size_t m = 0; m < 4; m++) memcpy(&v[m], block.a[m] + i, sizeof v[m]);
        transpose_quads(v);
        for (size_t j = 0; j < 4 && i + j < n; j++) {
          float *sum = moments + (copies > 1 ? j * size : 0) + block.at[i + j];
          quad old;
          memcpy(&old, sum, sizeof old);
          old += v[j];
          memcpy(sum, &old, sizeof old);
        }
      }
    }
  }
  if (gradients) ck_spline_gather(spline, sets, moments, gradients);
}

static const ck_splines splines = {spline_value, spline_gradient};
