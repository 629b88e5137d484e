// The kernels' one header: all tables of functions, by instruction set.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>

#include "cell.h"
#include "convolution.h"
#include "elementwise.h"
#include "gemm.h"
#include "network.h"
#include "pooling.h"
#include "reduce.h"
#include "spin.h"
#include "spline.h"
#include "update.h"

/// The tables of one instruction set. Results are bit-equal only within one.
typedef struct {
  const char *_Nonnull name;  ///< "avx512", "avx2", "sse2" or "neon".
  const ck_elementwise *_Nonnull elementwise;
  const ck_matrix *_Nonnull matrix;
  const ck_update *_Nonnull update;
  const ck_reduce *_Nonnull reduce;
  const ck_networks *_Nonnull networks;
  const ck_splines *_Nonnull splines;
  const ck_convolutions *_Nonnull convolutions;
  const ck_poolings *_Nonnull poolings;
  const ck_cells *_Nonnull cells;
} ck_kernels;

/// The instruction sets of this processor, best first; null past the last.
const ck_kernels *_Nullable ck_kernels_at(size_t index);

/// The tables in use: the best ones, until ck_select_instruction_set says otherwise.
const ck_kernels *_Nonnull ck_kernels_current(void);

/// Uses the set of that name from now on; "baseline" is the one that every processor of the architecture has.
/// False, and no change, if this processor lacks it. Callers that keep a table keep what they had.
bool ck_select_instruction_set(const char *_Nonnull name);

/// The instruction set of the tables in use, as provenance records it.
const char *_Nonnull ck_instruction_set(void);

const ck_elementwise *_Nonnull ck_elementwise_current(void);
const ck_matrix *_Nonnull ck_matrix_current(void);
const ck_update *_Nonnull ck_update_current(void);
const ck_reduce *_Nonnull ck_reduce_current(void);

#endif
