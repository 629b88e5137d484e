// The owner of one descriptor: it cannot be copied, and its end closes the descriptor.

import Glibc

/// An open file descriptor with exactly one owner. It is closed when its owner lets go of it.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The number, for system calls. It is valid as long as this value lives.
  package let number: Int32

  /// Takes over a number that a system call has just returned.
  package init(owning number: Int32) {
    self.number = number
  }

  /// Opens `/dev/null`: a descriptor held in reserve for when the process runs out of them.
  public static func reserve() throws(SystemError) -> FileDescriptor {
    FileDescriptor(owning: try system("open") { open("/dev/null", O_RDONLY | O_CLOEXEC) })
  }

  deinit {
    // Linux frees the number even when close is interrupted, so a failure must not be tried again.
    _ = close(number)
  }
}
