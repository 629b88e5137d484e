// A file without a name, which is gone with whoever has it open.

@preconcurrency import Dispatch
import Glibc
import Jobs

/// Octets on disk that nothing but this object can reach: no end of the process, however sudden, leaves them behind.
///
/// Everything here may block on the disk: it is for `Spool.queue` and `JobService.compute`.
package final class SpoolFile: Sendable {
  private let descriptor: Int32

  /// An empty file in `directory`, for this user alone.
  init(in directory: String, opening open: @Sendable (String) -> Int32) throws(StorageError) {
    descriptor = open(directory)
    guard descriptor >= 0 else { throw Self.failure("open", errno) }
  }

  deinit {
    // The disk may have much to forget, and whoever lets go of the file may be the event loop.
    Spool.queue.async { [descriptor] in close(descriptor) }
  }

  /// Writes all of `bytes` behind what was written before.
  func append(_ bytes: [UInt8]) throws(StorageError) {
    var code: Int32 = 0
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty, code == 0 {
        let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { code = errno }
      }
    }
    if code != 0 { throw Self.failure("write", code) }
  }

  /// The `count` octets from `offset` on, which have been written.
  func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, code == 0 {
        let read = pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        if read > 0 {
          filled += read
        } else if read == 0 {
          code = EIO
        } else if errno != EINTR {
          code = errno
        }
      }
    }
    if code != 0 { throw Self.failure("read", code) }
    return bytes
  }

  private static func failure(_ call: String, _ code: Int32) -> StorageError {
    let text = "\(call): \(String(cString: strerror(code)))"
    return code == ENOSPC || code == EDQUOT ? .full(text) : .unavailable(text)
  }

  /// A descriptor of a new file without a name in `directory`; -1 and `errno` where there can be none.
  @Sendable package static func openUnnamed(in directory: String) -> Int32 {
    // O_TMPFILE (open(2)): glibc hides it from what is not GNU C. This is its value on every processor that Swift knows.
    let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(directory, unnamed | O_RDWR | O_CLOEXEC, 0o600)
    // EISDIR: a kernel that does not know it. The others: a file system that does not.
    guard descriptor < 0, [EISDIR, EOPNOTSUPP, EINVAL].contains(errno) else { return descriptor }
    return openUnlinked(in: directory)
  }

  /// The same where there are no files without names: it has one for a moment.
  @Sendable package static func openUnlinked(in directory: String) -> Int32 {
    var path = "\(directory)/.spool-XXXXXX".utf8CString
    return path.withUnsafeMutableBufferPointer { path in
      guard let path = path.baseAddress else { return -1 }
      let descriptor = mkstemp(path)
      guard descriptor >= 0 else { return -1 }
      unlink(path)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      return descriptor
    }
  }
}
