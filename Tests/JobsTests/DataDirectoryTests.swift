// A data directory belongs to one process at a time, and is made when missing.

import Foundation
import Jobs
import Testing

@Suite struct DataDirectoryTests {
  @Test func `a directory in use is refused by name, and free again when its owner is gone`() throws {
    let directory = try TemporaryDirectory()
    do {
      let owner = try SQLiteJobStore(directory: directory.path)
      #expect(throws: DataDirectoryError.inUse(path: directory.path)) {
        try SQLiteJobStore(directory: directory.path)
      }
      withExtendedLifetime(owner) {}
    }
    #expect(throws: Never.self) { try SQLiteJobStore(directory: directory.path) }
  }

  @Test func `missing directories are made, for the owner alone`() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/a/b"
    _ = try SQLiteJobStore(directory: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
    #expect(FileManager.default.fileExists(atPath: "\(path)/curvesmith.sqlite"))
  }

  @Test func `a path that cannot be a directory is refused with the reason`() throws {
    let directory = try TemporaryDirectory()
    try Data().write(to: URL(fileURLWithPath: "\(directory.path)/file"))
    for path in ["\(directory.path)/file", "\(directory.path)/file/below"] {
      #expect(throws: DataDirectoryError.unusable(path: path, reason: "Not a directory")) {
        try SQLiteJobStore(directory: path)
      }
    }
  }

  @Test func `a file that is no database is an error, and does not keep the directory locked`() throws {
    let directory = try TemporaryDirectory()
    let file = URL(fileURLWithPath: "\(directory.path)/curvesmith.sqlite")
    try Data(repeating: 0x41, count: 10_000).write(to: file)
    #expect(throws: (any Error).self) { try SQLiteJobStore(directory: directory.path) }
    try FileManager.default.removeItem(at: file)
    #expect(throws: Never.self) { try SQLiteJobStore(directory: directory.path) }
  }
}
