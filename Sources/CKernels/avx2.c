// The kernels on vectors of eight floats, with fused multiply-add.
#ifdef __x86_64__
#include "sets.h"

#include <immintrin.h>

#define SET ck_kernels_avx2
#define SET_NAME "avx2"
#define LANES 8
#define USE_FMA
#define VECTORS 2
#define HEIGHTS {12, 6}
#define TILES(X) UP_TO_12(X, 1) UP_TO_6(X, 2)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Templates/kernels.h"
#pragma clang attribute pop
#endif
