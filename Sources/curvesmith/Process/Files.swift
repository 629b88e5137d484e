// Whole-file reading and writing for the commands, with errors that name the file.

import Glibc

/// Reads a whole file, or standard input for `-`.
///
/// - Throws: `CommandFailure` naming the file and the system's reason.
func readFile(_ path: String, purpose: String) throws(CommandFailure) -> [UInt8] {
  let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw CommandFailure(message: "cannot read \(purpose) \(path): \(lastSystemError())")
  }
  defer { if descriptor > STDERR_FILENO { close(descriptor) } }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw CommandFailure(message: "cannot read \(purpose) \(path): \(lastSystemError())")
    }
    bytes.append(contentsOf: buffer[..<count])
  }
}

/// Writes a whole file under a temporary name and then renames it, so that no reader sees half of it.
func writeFile(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
  let temporary = path + ".partial"
  guard let file = fopen(temporary, "wb") else {
    throw CommandFailure(message: "cannot write \(path): \(lastSystemError())")
  }
  let written = fwrite(bytes, 1, bytes.count, file)
  guard fclose(file) == 0, written == bytes.count, rename(temporary, path) == 0 else {
    let reason = lastSystemError()
    unlink(temporary)
    throw CommandFailure(message: "cannot write \(path): \(reason)")
  }
}

/// Makes the directories that a path stands in, for this user alone.
func createDirectories(above path: String) throws(CommandFailure) {
  var prefix = path.hasPrefix("/") ? "/" : ""
  for component in path.split(separator: "/").dropLast() {
    prefix += component
    guard mkdir(prefix, 0o700) == 0 || errno == EEXIST else {
      throw CommandFailure(message: "cannot make the directory \(prefix): \(lastSystemError())")
    }
    prefix += "/"
  }
}

/// What the system says of the last call that failed.
func lastSystemError() -> String {
  String(cString: strerror(errno))
}
