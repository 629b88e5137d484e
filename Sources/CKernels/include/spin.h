// What a thread does between two looks at a number that another thread is about to change.
#ifndef CK_SPIN_H
#define CK_SPIN_H

/// Tells the processor that this is a spinning wait, so that it neither speculates nor starves its sibling.
static inline void ck_spin_hint(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

#endif
