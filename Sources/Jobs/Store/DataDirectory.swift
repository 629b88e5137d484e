// The directory that holds everything durable, owned by one process at a time.

import Glibc

/// Why a data directory cannot be used.
public enum DataDirectoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another process has it.
  case inUse(path: String)
  /// It cannot be created, or not written to.
  case unusable(path: String, reason: String)
  /// A newer version of the service has written it.
  case newer(path: String)

  /// One sentence that names the directory.
  public var description: String {
    switch self {
    case .inUse(let path): "the data directory \(path) is in use by another process"
    case .newer(let path):
      "the data directory \(path) was written by a newer version of curvesmith; use that version, or another directory"
    case .unusable(let path, let reason): "the data directory \(path) cannot be used: \(reason)"
    }
  }
}

/// Exclusive possession of a data directory, from creation of this value to its end.
///
/// The claim is an advisory lock (flock) on the file `lock`; the kernel drops it with the process, however
/// that ends, so that no stale lock can keep a service from starting.
struct DataDirectory: ~Copyable, Sendable {
  let path: String
  private let descriptor: Int32

  /// Creates the directory and those above it if missing, for this user alone, and locks it.
  init(_ path: String) throws(DataDirectoryError) {
    try Self.create(path)
    let lock = open("\(path)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Self.unusable(path) }
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      let error = errno
      if error == EINTR { continue }
      close(lock)
      throw error == EWOULDBLOCK ? .inUse(path: path) : Self.unusable(path, error)
    }
    self.path = path
    descriptor = lock
  }

  deinit {
    close(descriptor)
  }

  private static func create(_ path: String) throws(DataDirectoryError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      prefix += component
      guard mkdir(prefix, 0o700) == 0 || errno == EEXIST else { throw unusable(path) }
      prefix += "/"
    }
  }

  private static func unusable(_ path: String, _ error: Int32 = errno) -> DataDirectoryError {
    .unusable(path: path, reason: String(cString: strerror(error)))
  }
}
