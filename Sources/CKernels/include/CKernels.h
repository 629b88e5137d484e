// The kernels' one header: element-wise functions, matrix products, and the name of the instruction set they use.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "elementwise.h"
#include "gemm.h"

/// The instruction set of the tables in use, as provenance records it: results are bit-equal only within one.
const char *_Nonnull ck_instruction_set(void);

#endif
