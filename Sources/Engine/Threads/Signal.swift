// A number that threads wait on: they spin for a moment, then sleep.

import CKernels
import Glibc
import Synchronization

/// Counts up; whoever waits for the next count is woken.
///
/// `@unchecked Sendable`: the counters are atomic, and the mutex and the condition are used as POSIX says.
final class Signal: @unchecked Sendable {
  /// Looks before a waiting thread sleeps: some hundreds of microseconds, longer than what lies between two steps or
  /// between the first and the last member, and much shorter than a time slice of whoever else wants the processor.
  private static let looks = 10_000

  private let count = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  var current: Int { count.load(ordering: .acquiring) }

  func advance() {
    count.add(1, ordering: .sequentiallyConsistent)
    // Whoever is not yet counted as asleep will see the new count before it sleeps.
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Returns once the count is no longer `old`.
  func wait(past old: Int) {
    for _ in 0..<Self.looks {
      if current != old { return }
      ck_spin_hint()
    }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while count.load(ordering: .sequentiallyConsistent) == old { pthread_cond_wait(condition, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
