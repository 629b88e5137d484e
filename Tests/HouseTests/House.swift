// The source tree as the tests read it: targets, their folders and their files.

import Foundation
import Testing

/// A Swift file of the repository.
struct SourceFile: Sendable, CustomTestStringConvertible {
  /// From the repository's root: `Sources/JSON/Fault.swift`.
  var path: String
  var text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var testDescription: String { path }

  /// The folder below the target's own, or the target's name for a file that stands beside the folders.
  var room: String {
    let parts = path.split(separator: "/")
    return String(parts.count > 3 ? parts[2] : parts[1])
  }
}

enum House {
  /// The folder with `Package.swift`.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Every Swift file of a folder of the root, by path.
  static func files(in folder: String) -> [SourceFile] {
    let base = root.appending(path: folder)
    guard let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else {
      return []
    }
    let prefix = root.path(percentEncoded: false).count
    return found.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
      .map { String($0.path(percentEncoded: false).dropFirst(prefix)) }.sorted()
      .compactMap { path in
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)).map {
          SourceFile(path: path, text: $0)
        }
      }
  }

  /// The files of the product's Swift targets, by the target's name.
  static let targets: [String: [SourceFile]] = Dictionary(grouping: files(in: "Sources")) { file in
    String(file.path.split(separator: "/")[1])
  }

  /// Every Swift file that is ours.
  static let all = files(in: "Sources") + files(in: "Tests")
}
