// Which instruction set's tables are in use: the best that the processor has, unless another is asked for by name.
#include "sets.h"

#include <stdatomic.h>

static bool has_name(const ck_kernels *kernels, const char *name) {
  return strcmp(kernels->name, name) == 0;
}

const ck_kernels *ck_kernels_at(size_t index) {
  const ck_kernels *available[3];
  size_t count = 0;
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    available[count++] = &ck_kernels_avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) available[count++] = &ck_kernels_avx2;
#endif
  available[count++] = &ck_kernels_four_lanes;
  return index < count ? available[index] : NULL;
}

// Null until it is first asked for; whoever comes first finds the same, so that a race is harmless.
static _Atomic(const ck_kernels *) current;

const ck_kernels *ck_kernels_current(void) {
  const ck_kernels *kernels = atomic_load_explicit(&current, memory_order_acquire);
  if (kernels) return kernels;
  const ck_kernels *best = ck_kernels_at(0);
  return atomic_compare_exchange_strong(&current, &kernels, best) ? best : kernels;
}

bool ck_select_instruction_set(const char *name) {
  const ck_kernels *kernels;
  for (size_t i = 0; (kernels = ck_kernels_at(i)); i++) {
    if (has_name(kernels, name) || (strcmp(name, "baseline") == 0 && kernels == &ck_kernels_four_lanes)) {
      atomic_store_explicit(&current, kernels, memory_order_release);
      return true;
    }
  }
  return false;
}

const char *ck_instruction_set(void) { return ck_kernels_current()->name; }
const ck_elementwise *ck_elementwise_current(void) { return ck_kernels_current()->elementwise; }
const ck_matrix *ck_matrix_current(void) { return ck_kernels_current()->matrix; }
const ck_update *ck_update_current(void) { return ck_kernels_current()->update; }
const ck_reduce *ck_reduce_current(void) { return ck_kernels_current()->reduce; }
