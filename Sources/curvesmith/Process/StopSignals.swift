// SIGTERM, SIGINT and SIGHUP as something to wait for, from the first moment on.

import Glibc
import Net
import Synchronization

/// Takes SIGTERM, SIGINT and SIGHUP from the moment it is made: one that comes before anybody waits is not lost, and does
/// not end the process. Make it once.
struct StopSignals {
  /// The end of the pipe that the handler writes to; a handler may call little more than `write(2)` (signal-safety(7)).
  private static let writingEnd = Atomic<Int32>(-1)
  private let readingEnd: Int32

  /// - Throws: `CommandFailure` when the process has no descriptors left.
  init() throws(CommandFailure) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw CommandFailure(message: "cannot wait for signals: \(lastSystemError())")
    }
    readingEnd = ends[0]
    Self.writingEnd.store(ends[1], ordering: .relaxed)
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number) { StopSignals.note($0) } }
    letThrough([SIGTERM, SIGINT, SIGHUP])
  }

  private static func note(_ number: Int32) {
    let interrupted = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(writingEnd.load(ordering: .relaxed), &byte, 1)
    errno = interrupted
  }

  /// Returns when the first signal to stop has come.
  ///
  /// - Parameter reload: runs for every SIGHUP before that, on a thread of its own.
  func first(reload: @escaping @Sendable () -> Void) async throws {
    let descriptor = readingEnd
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      do {
        try startThread(name: "signals") {
          while true {
            var byte: UInt8 = 0
            let count = read(descriptor, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            guard count == 1, Int32(byte) == SIGHUP else { break }
            reload()
          }
          continuation.resume()
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}

/// Has this thread, and those that it will start, take these signals: whoever started the process may have left them
/// blocked, as threads of a Dispatch queue do, and a blocked signal is never heard.
func letThrough(_ numbers: [Int32]) {
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in numbers { sigaddset(&signals, number) }
  pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}
