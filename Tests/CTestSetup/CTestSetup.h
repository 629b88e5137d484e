// What tests can ask of the process they run in.
#ifndef CTEST_SETUP_H
#define CTEST_SETUP_H

/// How often the calling thread has asked for memory, by any function of the C library that Swift's allocations go
/// through; -1 where a sanitizer brings its own.
long ct_allocations(void);

#endif
