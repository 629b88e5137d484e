// Every comparison for every instruction set that the processor has, as a program: for processors without Swift tests.
#include "CTwins.h"

#include <stdio.h>

int main(void) {
  size_t failures = 0, count = 0;
  const ck_kernels *set;
  for (size_t i = 0; (set = ck_kernels_at(i)); i++) {
    const char *name;
    for (size_t j = 0; (name = ct_twin_name(j)); j++, count++) {
      char message[400];
      if (ct_twin_holds(j, set, message, sizeof message)) continue;
      failures++;
      fprintf(stderr, "%s, %s: %s\n", set->name, name, message);
    }
    printf("twins: %zu comparisons with %s\n", count, set->name);
    count = 0;
  }
  return failures > 0;
}
