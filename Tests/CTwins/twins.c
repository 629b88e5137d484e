// The list of the comparisons.
#include "twins.h"

static const struct {
  const char *name;
  void (*compare)(bench *b);
} twins[] = {
    {"element-wise functions", compare_elementwise},
    {"matrix products", compare_matrices},
    {"sums of columns", compare_column_sums},
    {"updates", compare_updates},
    {"sums", compare_reductions},
    {"networks", compare_networks},
    {"splines", compare_splines},
    {"convolutions", compare_convolutions},
    {"poolings", compare_poolings},
    {"recurrent cells", compare_cells},
};

const char *ct_twin_name(size_t index) {
  return index < sizeof twins / sizeof twins[0] ? twins[index].name : NULL;
}

bool ct_twin_holds(size_t index, const ck_kernels *set, char *message, size_t size) {
  bench b = {.set = set, .message = message, .size = size, .noise = index + 1};
  message[0] = 0;
  twins[index].compare(&b);
  return !has_difference(&b);
}
