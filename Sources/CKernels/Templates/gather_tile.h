// The micro-kernel of the convolutions: tiles of a product whose left factor is read through two tables of places.
//
// A convolution's columns are never made: element (i, p) of the left factor is at base[rows[i] + depths[p]], whatever
// padding, strides and dilation are, and with rows and depths exchanged it is the transposed factor's.

// c[targets[i]] (+)= Σ_p base[rows[i] + depths[p]] · b[p·ldb] + bias over `width` columns and `count` rows i.
typedef struct {
  const float *base;
  const uint32_t *rows, *targets, *depths;
  size_t count, depth;
  const float *b;  // whole vectors can be read from each of its rows
  size_t ldb;
  float *c;
  size_t width;
  const float *bias;  // null for none
  bool adds;
} gathering;

INLINE void gathered(size_t height, size_t vectors, const gathering *given, size_t start, size_t count) {
  const gathering g = *given;
  const size_t last = g.width - (vectors - 1) * LANES;
#define LEFT(v) (v + 1 == vectors ? last : LANES)
  for (size_t end = start + count * height; start < end; start += height) {
    vf sums[MOST_ROWS][VECTORS];
    const float *rows[MOST_ROWS], *b = g.b;
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
      rows[r] = g.base + g.rows[start + r];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        sums[r][v] = 0;
        __builtin_prefetch(g.c + g.targets[start + r] + v * LANES, 1);
      }
    }
    for (const uint32_t *p = g.depths, *to = p + g.depth; p < to; p++) {
      const size_t place = *p;
      vf values[VECTORS];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) values[v] = load(b + v * LANES);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < height; r++) {
        const vf factor = rows[r][place];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r][v] = multiply_add(factor, values[v], sums[r][v]);
      }
      b += g.ldb;
    }
    if (g.bias) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        const vf bias = fetch(g.bias + v * LANES, LEFT(v));
#pragma clang loop unroll(full)
        for (size_t r = 0; r < height; r++) sums[r][v] += bias;
      }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < height; r++) {
      float *c = g.c + g.targets[start + r];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) {
        const vf old = g.adds ? fetch(c + v * LANES, LEFT(v)) : 0;
        put(c + v * LANES, g.adds ? old + sums[r][v] : sums[r][v], LEFT(v));
      }
    }
  }
#undef LEFT
}

typedef void (*gather_function)(const gathering *given, size_t start, size_t count);

#define GATHER_FUNCTION(vectors, height)                                                        \
  static void gather_##vectors##_##height(const gathering *given, size_t start, size_t count) { \
    gathered(height, vectors, given, start, count);                                             \
  }
TILES(GATHER_FUNCTION)
#undef GATHER_FUNCTION

#define GATHER(vectors, height) [vectors - 1][height - 1] = gather_##vectors##_##height,
static const gather_function gather_functions[VECTORS][MOST_ROWS] = {TILES(GATHER)};
#undef GATHER

// All rows: tiles of equal height, and a lower one for what is left.
INLINE void gather(const gathering *g) {
  if (g->count == 0) return;
  const size_t vectors = (g->width + LANES - 1) / LANES;
  const size_t step = part(g->count, heights[vectors - 1]), count = g->count / step, rest = g->count % step;
  gather_functions[vectors - 1][step - 1](g, 0, count);
  if (rest != 0) gather_functions[vectors - 1][rest - 1](g, count * step, 1);
}
