// How many heaps the C library keeps for the threads of the process.

import CLinux

/// Has all threads share so many heaps, at least two, instead of up to eight for each processor.
///
/// What is allocated on one thread and freed on another, as every piece of a stream is, leaves holes in the heap of the
/// first: a thousand readers of a job cost a third less memory so. Call it before there are threads.
package func limitHeaps(to count: Int) {
  cl_limit_heaps(Int32(clamping: max(2, count)))
}
