// Sums over a vector with a fixed tree: CK_REDUCE_LANES interleaved sums of each chunk, folded by halves, the chunks'
// results added in double precision. The tree is the same for every instruction set.

enum { PARTS = CK_REDUCE_LANES / LANES };

INLINE float folded(vf parts[PARTS]) {
  float sums[CK_REDUCE_LANES];
  memcpy(sums, parts, sizeof sums);
  for (size_t width = CK_REDUCE_LANES / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; i++) sums[i] += sums[i + width];
  }
  return sums[0];
}

#define REDUCTION(term)                                                           \
  {                                                                               \
    double total = 0;                                                             \
    for (size_t chunk = 0; chunk < n; chunk += CK_REDUCE_CHUNK) {                 \
      const size_t end = n - chunk < CK_REDUCE_CHUNK ? n : chunk + CK_REDUCE_CHUNK; \
      vf parts[PARTS] = {0};                                                      \
      size_t i = chunk;                                                           \
      for (; i + CK_REDUCE_LANES <= end; i += CK_REDUCE_LANES) {                  \
        _Pragma("clang loop unroll(full)") for (size_t v = 0; v < PARTS; v++) {   \
          const size_t at = i + v * LANES, left = LANES;                          \
          vf sum = parts[v];                                                      \
          parts[v] = (term);                                                      \
        }                                                                         \
      }                                                                           \
      for (size_t v = 0; i + v * LANES < end; v++) {                              \
        const size_t at = i + v * LANES, left = end - at;                         \
        vf sum = parts[v];                                                        \
        parts[v] = (term);                                                        \
      }                                                                           \
      total += (double)folded(parts);                                             \
    }                                                                             \
    return total;                                                                 \
  }

static double sum(const float *x, size_t n) REDUCTION(sum + fetch(x + at, left))
static double sum_of_squares(const float *x, size_t n)
    REDUCTION(multiply_add(fetch(x + at, left), fetch(x + at, left), sum))

static const ck_reduce reduce = {sum, sum_of_squares};
