// All kernels of one instruction set. The including file sets SET, the table's symbol; SET_NAME; LANES; USE_FMA where
// the set has fused multiply-add; VECTORS, HEIGHTS and TILES, the register tiles.

#include "vector.h"
#include "maths.h"
#include "elementwise_table.h"
#include "cell_table.h"
#include "matrix_table.h"
#include "convolution_table.h"
#include "network_table.h"
#include "pooling_table.h"
#include "reduce_table.h"
#include "spline_table.h"
#include "update_table.h"

const ck_kernels SET = {SET_NAME,  &elementwise, &matrix,       &update,   &reduce,
                        &networks, &splines,     &convolutions, &poolings, &cells};
