// The kernels on vectors of sixteen floats.
#ifdef __x86_64__
#include "sets.h"

#include <immintrin.h>

#define SET ck_kernels_avx512
#define SET_NAME "avx512"
#define LANES 16
#define USE_FMA
#define ROWS 12
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)

#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
#include "Templates/kernels.h"
#pragma clang attribute pop
#endif
