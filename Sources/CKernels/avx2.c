// The kernels on vectors of eight floats, with fused multiply-add.
#ifdef __x86_64__
#include "sets.h"

#include <immintrin.h>

#define SET ck_kernels_avx2
#define SET_NAME "avx2"
#define LANES 8
#define USE_FMA
#define ROWS 6
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Templates/kernels.h"
#pragma clang attribute pop
#endif
