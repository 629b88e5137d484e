// Files that are whole or not there, whatever happens while they are written.

import Glibc

/// Why a file could not be written or read.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Which file or directory.
  package var path: String
  /// What the system says.
  package var code: Int32

  init(_ path: String, _ code: Int32 = errno) {
    self.path = path
    self.code = code
  }

  /// One sentence.
  package var description: String { "\(path): \(String(cString: strerror(code)))" }
}

/// Writes a file beside its place, and puts it there when all of it is on disk.
enum DurableFile {
  /// What the name of an unfinished file ends with; after a crash such files are of no use.
  static let unfinished = ".tmp"

  /// Writes `folder/name`, which then survives the loss of power, its name too.
  ///
  /// - Parameter body: hands over the bytes, piece by piece.
  static func write(
    _ name: String, in folder: String, _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let path = "\(folder)/\(name)"
    let temporary = path + unfinished
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError(temporary) }
    do {
      try body { try write($0, to: descriptor, temporary) }
      guard fsync(descriptor) == 0 else { throw FileError(temporary) }
    } catch {
      _ = Glibc.close(descriptor)
      unlink(temporary)
      throw error
    }
    // Some file systems tell of a failed write only here.
    guard Glibc.close(descriptor) == 0, rename(temporary, path) == 0 else {
      let error = FileError(path)
      unlink(temporary)
      throw error
    }
    try synchronize(folder)
  }

  /// Makes the names in a directory survive the loss of power.
  static func synchronize(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(folder) }
    defer { _ = Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError(folder) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
    var rest = bytes[...]
    while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let count = Glibc.write(descriptor, start, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(path) }
      rest = rest.dropFirst(count)
    }
  }

  /// The bytes of a file; nil if there is none.
  static func read(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw FileError(path) }
    defer { _ = Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path) }
    let size = Int(status.st_size)
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = 0
      while count < size {
        let read = Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if read < 0, errno == EINTR { continue }
        if read < 0 { failure = FileError(path) }
        if read <= 0 { break }
        count += read
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The names in a directory but for `.` and `..`; none if there is no such directory.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
