// The comparisons, each of which looks at one table of kernels.
#ifndef CT_TWINS_H
#define CT_TWINS_H

#include "bench.h"

void compare_convolutions(bench *b);
void compare_poolings(bench *b);

#endif
