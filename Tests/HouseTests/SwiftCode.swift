// Swift text as identifiers: comments and strings are left out, what stands in interpolations is not.

/// One identifier of a file's code.
struct Identifier {
  var text: String
  /// From 0.
  var line: Int
  /// How many braces are open before it.
  var depth: Int
  /// Whether a member is named, as in `.text`.
  var isMember: Bool
  /// Whether arguments follow at once, as in `text(`.
  var isCalled: Bool
}

/// Reads Swift as far as it takes to know which names a file declares and which it uses.
struct SwiftCode {
  private(set) var identifiers: [Identifier] = []

  private enum State {
    case code(parentheses: Int)
    case string(hashes: Int, isLong: Bool)
  }

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var states = [State.code(parentheses: 0)]
    var (place, line, depth) = (0, 0, 0)
    var last: UInt8 = 0

    func starts(_ word: String, at place: Int) -> Bool { bytes[place...].starts(with: word.utf8) }
    func hashes(at place: Int) -> Int { bytes[place...].prefix { $0 == UInt8(ascii: "#") }.count }

    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\n") { line += 1 }
      switch states[states.count - 1] {
      case .string(let count, let isLong):
        let end = (isLong ? "\"\"\"" : "\"") + String(repeating: "#", count: count)
        if starts(end, at: place) {
          states.removeLast()
          place += end.utf8.count
        } else if byte == UInt8(ascii: "\\"), hashes(at: place + 1) >= count {
          place += 1 + count
          if starts("(", at: place) { states.append(.code(parentheses: 0)) }
          place += 1
        } else {
          place += 1
        }
      case .code(let parentheses):
        if starts("//", at: place) {
          place = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
          continue
        }
        if starts("/*", at: place) {
          while place < bytes.count, !starts("*/", at: place) {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
          }
          place = min(place + 2, bytes.count)
          continue
        }
        let count = hashes(at: place)
        if starts("\"", at: place + count) {
          let isLong = starts("\"\"\"", at: place + count)
          states.append(.string(hashes: count, isLong: isLong))
          place += count + (isLong ? 3 : 1)
          last = UInt8(ascii: "\"")
          continue
        }
        switch byte {
        case UInt8(ascii: "("): states[states.count - 1] = .code(parentheses: parentheses + 1)
        case UInt8(ascii: ")") where parentheses == 0 && states.count > 1: states.removeLast()
        case UInt8(ascii: ")"): states[states.count - 1] = .code(parentheses: parentheses - 1)
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth -= 1
        case _ where Self.isLetter(byte):
          let word = bytes[place...].prefix { Self.isLetter($0) || (48...57).contains($0) }
          identifiers.append(
            Identifier(
              text: String(decoding: word, as: UTF8.self), line: line, depth: depth,
              isMember: last == UInt8(ascii: "."), isCalled: starts("(", at: word.endIndex)))
          place = word.endIndex
          last = byte
          continue
        default: break
        }
        last = byte
        place += 1
      }
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_") || byte >= 128
  }
}

extension SwiftCode {
  /// A type or a function that a file declares.
  struct Declaration {
    var name: String
    var isFunction: Bool
    /// Whether other files of the target may name it without naming something else first.
    var isShared: Bool
  }

  var declarations: [Declaration] {
    let types: Set<String> = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    return zip(identifiers, identifiers.dropFirst()).enumerated().compactMap { index, pair in
      let (keyword, name) = pair
      guard types.contains(keyword.text) || keyword.text == "func", !keyword.isMember,
        !["func", "var", "let"].contains(name.text)
      else { return nil }
      let modifiers = identifiers[..<index].reversed().prefix { $0.line == keyword.line }.map(\.text)
      return Declaration(
        name: name.text, isFunction: keyword.text == "func",
        isShared: keyword.depth == 0 && !modifiers.contains("private") && !modifiers.contains("fileprivate"))
    }
  }
}
