// The tables that the files of this target define, and what they are made from.
#ifndef CURVESMITH_SETS_H
#define CURVESMITH_SETS_H

#include "CKernels.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// Vectors of four floats, which every processor of the architecture has.
extern const ck_kernels ck_kernels_four_lanes;

#ifdef __x86_64__
extern const ck_kernels ck_kernels_avx2;
extern const ck_kernels ck_kernels_avx512;
#endif

#endif
