// The vector of floats that every kernel template is written in. The including file sets LANES, and USE_FMA where the
// set has fused multiply-add; nothing else here knows the processor, but for the partial loads and stores.

#pragma clang fp contract(off)

// -Wconversion takes the choice between lanes, condition ? a : b, for a conversion of a vector to bool.
#pragma clang diagnostic ignored "-Wconversion"
// No function that takes or returns a vector outlives inlining, so that how one would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef float vf __attribute__((ext_vector_type(LANES)));
typedef int32_t vi __attribute__((ext_vector_type(LANES)));
typedef double vd __attribute__((ext_vector_type(LANES)));
typedef int64_t vl __attribute__((ext_vector_type(LANES)));

INLINE vf load(const float *p) {
  vf v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(float *p, vf v) { memcpy(p, &v, sizeof v); }

// Whether a partial load costs little more than a whole one.
#define CHEAP_MASKS (LANES >= 8)

#if LANES == 8
INLINE __m256i first_lanes(size_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif

// The first `count` <= LANES elements at p; the other lanes are zero, and memory past them is not touched.
INLINE vf load_some(const float *p, size_t count) {
#if LANES == 16
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#elif LANES == 8
  return _mm256_maskload_ps(p, first_lanes(count));
#else
  vf v = 0;
  if (count > 0) v[0] = p[0];
  if (count > 1) v[1] = p[1];
  if (count > 2) v[2] = p[2];
  if (count > 3) v[3] = p[3];
  return v;
#endif
}

INLINE void store_some(float *p, vf v, size_t count) {
#if LANES == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), v);
#elif LANES == 8
  _mm256_maskstore_ps(p, first_lanes(count), v);
#else
  if (count > 0) p[0] = v[0];
  if (count > 1) p[1] = v[1];
  if (count > 2) p[2] = v[2];
#endif
}

// Up to LANES of the `left` elements at p.
INLINE vf fetch(const float *p, size_t left) { return left >= LANES ? load(p) : load_some(p, left); }

INLINE void put(float *p, vf v, size_t left) {
  if (left >= LANES) {
    store(p, v);
  } else {
    store_some(p, v, left);
  }
}

// a·b + c for vectors of one type, rounded once where the set can.
#ifdef USE_FMA
#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

INLINE vf multiply_add(vf a, vf b, vf c) { return MULTIPLY_ADD(a, b, c); }
INLINE vd multiply_add_double(vd a, vd b, vd c) { return MULTIPLY_ADD(a, b, c); }

INLINE vd widened(vf v) { return __builtin_convertvector(v, vd); }
INLINE vf narrowed(vd v) { return __builtin_convertvector(v, vf); }

INLINE vf magnitude(vf v) { return (vf)((vi)v & 0x7fffffff); }
INLINE vi sign_bit(vf v) { return (vi)v & (int32_t)0x80000000; }
INLINE vf square_root(vf v) { return __builtin_elementwise_sqrt(v); }

// Whether any lane of a comparison holds.
INLINE int any(vi condition) {
#if LANES == 16
  return _mm512_movepi32_mask((__m512i)condition) != 0;
#elif LANES == 8
  return _mm256_movemask_ps((__m256)condition) != 0;
#else
  return __builtin_reduce_or(condition) != 0;
#endif
}
