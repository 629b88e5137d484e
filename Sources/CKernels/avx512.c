// The kernels on vectors of sixteen floats.
#ifdef __x86_64__
#include "sets.h"

#include <immintrin.h>

#define SET ck_kernels_avx512
#define SET_NAME "avx512"
#define LANES 16
#define USE_FMA
#define VECTORS 4
#define HEIGHTS {12, 12, 8, 6}
#define TILES(X) UP_TO_12(X, 1) UP_TO_12(X, 2) UP_TO_8(X, 3) UP_TO_6(X, 4)

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
#include "Templates/kernels.h"
#pragma clang attribute pop
#endif
