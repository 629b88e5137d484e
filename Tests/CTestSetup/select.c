// Runs before any test: uses the instruction set that CURVESMITH_ISA names, so that every test can be run with each.
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void select_instruction_set(void) {
  const char *name = getenv("CURVESMITH_ISA");
  if (!name || ck_select_instruction_set(name)) return;
  fprintf(stderr, "CURVESMITH_ISA: this processor has no %s\n", name);
  exit(2);
}
