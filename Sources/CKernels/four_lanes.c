// The kernels on vectors of four floats: SSE2 on x86-64, NEON on arm64.
#include "sets.h"

#define SET ck_kernels_four_lanes
#define LANES 4
#ifdef __aarch64__
#define SET_NAME "neon"
#define USE_FMA
#define ROWS 12
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#else
#define SET_NAME "sse2"
#define ROWS 4
#define EACH_HEIGHT(X) X(1) X(2) X(3) X(4)
#endif

#include "Templates/kernels.h"
