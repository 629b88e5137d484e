// The file of API keys: read whole, replaced whole, changed by one process at a time.

package import API
import Glibc

/// Where a service's keys are kept. The file holds digests, never a key, and only its owner may read it.
package struct KeyFile: Sendable {
  /// Its path.
  package let path: String

  /// The file at this path, which need not exist.
  package init(_ path: String) {
    self.path = path
  }

  /// Its keys; nil where there is no file.
  ///
  /// - Throws: `CommandFailure` with status 2, naming every fault.
  package func read() throws(CommandFailure) -> KeyList? {
    guard exists else { return nil }
    do {
      return try KeyList(parsing: try readFile(path, purpose: "the keys file"))
    } catch let error as KeyListError {
      let faults = error.faults.map { "\(path): \($0)" }.joined(separator: "\ncurvesmith: ")
      throw CommandFailure(message: faults, status: CommandFailure.usage)
    } catch {
      let message = (error as? CommandFailure)?.message ?? "\(error)"
      throw CommandFailure(message: message, status: CommandFailure.usage)
    }
  }

  /// Lets `change` work on its keys and writes what comes of that, while no other process does the same. Directories that
  /// are missing are made.
  package func update<Value>(
    _ change: (inout KeyList) throws(CommandFailure) -> Value
  ) throws(CommandFailure) -> Value {
    try createDirectories(above: path)
    let lock = open("\(path).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw failure("lock") }
    // The lock goes with its descriptor.
    defer { close(lock) }
    while flock(lock, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure("lock") }
    }
    var list = try read() ?? KeyList()
    let value = try change(&list)
    try replace(with: list.serialized)
    return value
  }

  /// What changes whenever somebody writes the file; nil where there is none.
  package var signature: Signature? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Signature(
      device: UInt64(status.st_dev), file: UInt64(status.st_ino), size: Int64(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// Which file it is, how long, and when it was written.
  package struct Signature: Sendable, Equatable {
    fileprivate var device: UInt64
    fileprivate var file: UInt64
    fileprivate var size: Int64
    fileprivate var seconds: Int
    fileprivate var nanoseconds: Int
  }

  /// Also for one that cannot be looked at: it must not be taken for none.
  private var exists: Bool { access(path, F_OK) == 0 || errno != ENOENT && errno != ENOTDIR }

  /// Writes a file beside it, has the disk keep that, and puts it in its place.
  private func replace(with bytes: [UInt8]) throws(CommandFailure) {
    let temporary = "\(path).partial"
    unlink(temporary)
    let descriptor = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write") }
    var position = 0
    var isWritten = true
    while isWritten, position < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + position, $0.count - position) }
      if count >= 0 { position += count } else { isWritten = errno == EINTR }
    }
    isWritten = isWritten && fsync(descriptor) == 0
    isWritten = close(descriptor) == 0 && isWritten
    guard isWritten, rename(temporary, path) == 0 else {
      let failure = failure("write")
      unlink(temporary)
      throw failure
    }
  }

  private func failure(_ verb: String) -> CommandFailure {
    CommandFailure(message: "cannot \(verb) the keys file \(path): \(lastSystemError())")
  }
}
