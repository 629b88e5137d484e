// The comparisons, each of which looks at one table of kernels.
#ifndef CT_TWINS_H
#define CT_TWINS_H

#include "bench.h"

void compare_elementwise(bench *b);
void compare_matrices(bench *b);
void compare_column_sums(bench *b);
void compare_updates(bench *b);
void compare_reductions(bench *b);
void compare_networks(bench *b);
void compare_splines(bench *b);
void compare_convolutions(bench *b);
void compare_poolings(bench *b);
void compare_cells(bench *b);

#endif
