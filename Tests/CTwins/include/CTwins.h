// Comparisons of the kernels of a set with their scalar twins, in C alone: for processors that run no Swift tests too.
#ifndef CTWINS_H
#define CTWINS_H

#include "CKernels.h"

#include <stdbool.h>
#include <stddef.h>

/// The names of the comparisons; null past the last.
const char *_Nullable ct_twin_name(size_t index);

/// Whether a set's kernels agree with their twins, by the comparison at that index, and leave alone what lies around
/// their memory; if not, the message is filled with what was first seen to differ. Memory that is not the kernel's ends
/// the process if it lies behind a result or an operand.
bool ct_twin_holds(size_t index, const ck_kernels *_Nonnull set, char *_Nonnull message, size_t size);

#endif
