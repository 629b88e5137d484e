// Declarations that other targets may use are documented; the number of those that are not may only fall.

import Testing

@Suite struct DocumentationTests {
  /// How many `public` and `package` declarations of each target still lack a doc comment.
  static let undocumented = [
    "API": 8, "Activations": 176, "Digest": 0, "Engine": 26, "Export": 55, "HTTP": 25, "JSON": 47, "Jobs": 68,
    "Net": 15, "Server": 6, "Telemetry": 11, "Text": 1, "Training": 203, "curvesmith": 20,
    "curvesmith-benchmark": 0,
  ]

  @Test(arguments: House.targets.keys.sorted())
  func `undocumented declarations only become fewer`(_ target: String) {
    let found = (House.targets[target] ?? []).flatMap { file in
      file.undocumentedDeclarations.map { "\(file.path):\($0.line): \($0.text)" }
    }
    let allowed = Self.undocumented[target] ?? 0
    #expect(
      found.count == allowed,
      """
      \(target) has \(found.count) undocumented public and package declarations; the table says \(allowed). \
      If there are more, write a doc comment (`///`: what it is, its unit or shape, its errors) above the new ones; if \
      there are fewer, write \(found.count) into the table of \(#fileID), so that it stays so. They are:
      \(found.count > allowed ? found.joined(separator: "\n") : "…")
      """)
  }

  @Test func `a declaration is seen through its modifiers and attributes`() {
    let text = """
      // A file.

      public import JSON

      /// Documented.
      @frozen
      public struct Documented {
        public private(set) var first = 0
        @inlinable package static func second() {}
        package init?(third: Int) {}
        var inner = 0
        // No doc comment.
        package nonisolated(unsafe) static var fourth = "public let none = 0"
      }
      public protocol Fifth: Sendable {}
      """
    let file = SourceFile(path: "Sources/T/File.swift", text: text)
    #expect(file.undocumentedDeclarations.map(\.line) == [8, 9, 10, 13, 15])
  }
}

extension SourceFile {
  /// Lines, from 1, that declare something `public` or `package` with no `///` above.
  fileprivate var undocumentedDeclarations: [(line: Int, text: Substring)] {
    let trimmed = lines.map { $0.drop { $0 == " " } }
    return trimmed.indices.compactMap { index in
      guard trimmed[index].declaresAnExport else { return nil }
      let above = trimmed[..<index].last { !$0.hasPrefix("@") }
      return above?.hasPrefix("///") == true ? nil : (index + 1, trimmed[index])
    }
  }
}

extension Substring {
  private static let keywords: Set<Substring> = [
    "actor", "associatedtype", "case", "class", "enum", "func", "init", "let", "macro", "protocol", "struct",
    "subscript", "typealias", "var",
  ]
  private static let modifiers: Set<Substring> = [
    "borrowing", "consuming", "convenience", "final", "indirect", "lazy", "mutating", "nonisolated",
    "nonmutating",
    "override", "package", "private", "public", "required", "static", "unowned", "weak",
  ]

  /// Whether the line, without its indentation, declares something that other targets can name.
  fileprivate var declaresAnExport: Bool {
    var isExported = false
    for word in split(separator: " ") where !word.hasPrefix("@") {
      let name = word.prefix { $0.isLetter }
      if Self.modifiers.contains(name) {
        isExported = isExported || word == "public" || word == "package"
      } else {
        return isExported && Self.keywords.contains(name)
      }
    }
    return false
  }
}
