// The kernels on vectors of four floats: SSE2 on x86-64, NEON on arm64.
#include "sets.h"

#define SET ck_kernels_four_lanes
#define LANES 4
#ifdef __aarch64__
#define SET_NAME "neon"
#define USE_FMA
#define VECTORS 4
#define HEIGHTS {12, 12, 8, 6}
#define TILES(X) UP_TO_12(X, 1) UP_TO_12(X, 2) UP_TO_8(X, 3) UP_TO_6(X, 4)
#else
#define SET_NAME "sse2"
#define VECTORS 2
#define HEIGHTS {8, 4}
#define TILES(X) UP_TO_8(X, 1) UP_TO_4(X, 2)
#endif

#include "Templates/kernels.h"
