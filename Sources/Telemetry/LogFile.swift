// A file that lines are appended to, and that may be moved away and made anew while they come.

import Glibc
import Synchronization

/// Why a log file cannot be used: the path and the system's reason.
package struct LogFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// `cannot open PATH: No such file or directory`.
  package var description: String
}

/// Appends lines to a file that only its owner may read, each with one `write(2)`.
package final class LogFile: Sendable {
  private struct State {
    var descriptor: Int32
    /// Whether the last line was not written whole.
    var isBroken = false
  }

  /// Where the file is.
  package let path: String
  private let state: Mutex<State>
  private let failed: @Sendable (String) -> Void

  /// Opens the file, or makes it with mode 0600.
  ///
  /// - Parameter failed: is told why a line was lost, for the first of several in a row.
  package init(_ path: String, failed: @escaping @Sendable (String) -> Void) throws(LogFileError) {
    self.path = path
    self.failed = failed
    state = Mutex(State(descriptor: try Self.open(path)))
  }

  deinit { _ = state.withLock { close($0.descriptor) } }

  /// Appends a line, which has its end. What fails is lost.
  package func write(_ line: String) {
    let reason = state.withLock { state -> String? in
      // What is there of a broken line must not run into this one.
      let bytes = Array((state.isBroken ? "\n" + line : line).utf8)
      let wasBroken = state.isBroken
      let error = Self.write(bytes, to: state.descriptor)
      state.isBroken = error != nil
      return wasBroken ? nil : error
    }
    if let reason { failed("cannot write to \(path): \(reason)") }
  }

  /// Opens the file of that name anew, after somebody has moved the old one away.
  ///
  /// - Throws: why it cannot be opened; lines then go where they went.
  package func reopen() throws(LogFileError) {
    let descriptor = try Self.open(path)
    _ = state.withLock { state in
      defer { state = State(descriptor: descriptor) }
      return close(state.descriptor)
    }
  }

  private static func open(_ path: String) throws(LogFileError) -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
    guard descriptor >= 0 else {
      throw LogFileError(description: "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  /// The system's reason for not taking it all.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> String? {
    var position = 0
    while position < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + position }, bytes.count - position)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(cString: strerror(errno)) }
      position += count
    }
    return nil
  }
}
