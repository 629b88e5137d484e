// Sums over a vector, in an order that depends on its length alone.
#ifndef CK_REDUCE_H
#define CK_REDUCE_H

#include <stddef.h>

/// The shape of the tree: chunks of CK_REDUCE_CHUNK elements, each as CK_REDUCE_LANES interleaved sums that are folded
/// by halves; the chunks' sums are added in double precision. Cut at multiples of a chunk, a vector may be summed by
/// parts, and the parts added in order.
enum { CK_REDUCE_LANES = 32, CK_REDUCE_CHUNK = 1024 };

/// `sum` has the same bits on every instruction set;
/// `sum_of_squares` differs by what fused multiply-add does not round.
typedef struct {
  double (*_Nonnull sum)(const float *_Nonnull x, size_t n);
  double (*_Nonnull sum_of_squares)(const float *_Nonnull x, size_t n);
} ck_reduce;

/// Plain loops in double precision.
const ck_reduce *_Nonnull ck_reduce_reference(void);

#endif
