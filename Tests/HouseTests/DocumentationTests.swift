// Declarations that other targets may use are documented; the number of those that are not may only fall.

import Testing

@Suite struct DocumentationTests {
  /// How many `public` and `package` declarations of each target still lack a doc comment.
  static let undocumented = [
    "API": 0, "Activations": 0, "Data": 0, "Digest": 0, "Engine": 0, "Export": 0, "HTTP": 0, "JSON": 0,
    "Jobs": 1, "Net": 0, "Server": 0, "TLS": 0, "Telemetry": 0, "Text": 0, "Training": 0, "curvesmith": 0,
    "curvesmith-benchmark": 0,
  ]

  @Test(arguments: House.targets.keys.sorted())
  func `undocumented declarations only become fewer`(_ target: String) {
    let files = House.targets[target] ?? []
    let inherited = Set(files.flatMap(\.documentedRequirements))
    let found = files.flatMap { file in
      file.undocumentedDeclarations.filter { !inherited.contains($0.text.declaredName) }
        .map { "\(file.path):\($0.line): \($0.text)" }
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

  @Test func `what a protocol documents needs no second comment`() {
    let text = """
      package protocol Shape {
        /// Documented.
        static var name: String { get }
        /// Documented.
        init()
        var other: Int { get }
      }
      """
    let file = SourceFile(path: "Sources/T/Shape.swift", text: text)
    #expect(file.documentedRequirements == ["name", "init()"])
    #expect(Substring("package static let name = 1").declaredName == "name")
    #expect(Substring("package init() {}").declaredName == "init()")
    #expect(Substring("package init(name: Int) {").declaredName == "init(name: Int)")
    #expect(Substring("public static func == (left: T, right: T) -> Bool {").declaredName == "==")
  }
}

extension SourceFile {
  /// The names of what the file's protocols require and document.
  fileprivate var documentedRequirements: [String] {
    var isInside = false
    let all = lines
    return all.indices.compactMap { index in
      if all[index].hasPrefix("}") { isInside = false }
      defer { if all[index].contains("protocol ") && !all[index].hasPrefix(" ") { isInside = true } }
      let isDocumented = index > 0 && all[index - 1].drop { $0 == " " }.hasPrefix("///")
      let name = all[index].drop { $0 == " " }.declaredName
      return isInside && isDocumented && !name.isEmpty ? name : nil
    }
  }

  /// What the standard library's protocols require and document.
  private static let standard: Set<String> = ["==", "<", "description", "hash", "encode", "next"]

  /// Lines, from 1, that declare something `public` or `package` with no `///` above.
  fileprivate var undocumentedDeclarations: [(line: Int, text: Substring)] {
    let trimmed = lines.map { $0.drop { $0 == " " } }
    return trimmed.indices.compactMap { index in
      guard trimmed[index].declaresAnExport, !Self.standard.contains(trimmed[index].declaredName) else {
        return nil
      }
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

  /// What the line declares: an identifier or an operator, or an initialiser with its parameters; empty if nothing.
  fileprivate var declaredName: String {
    if let start = ranges(of: "init(").first {
      let end = self[start.lowerBound...].firstIndex(of: ")")
      return String(end.map { self[start.lowerBound...$0] } ?? self[start.lowerBound...])
    }
    let words = split(separator: " ")
    guard let keyword = words.firstIndex(where: { ["func", "var", "let"].contains($0) }),
      keyword + 1 < words.count
    else { return "" }
    let name = words[keyword + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return String(name.isEmpty ? words[keyword + 1] : name)
  }

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
