// The dialect as members of the `data` section.

import JSON

extension DialectOptions {
  /// The members that `init(_:)` reads.
  static let members = [
    "delimiter", "decimal", "thousands", "quote", "escape", "comment", "header", "encoding", "na_values",
  ]

  /// Reads the members; a member that is absent, null or faulty is nil, which means: found.
  init(_ reader: inout ObjectReader) {
    self.init()
    delimiter = Self.mark("delimiter", &reader, words: ["tab": 9, "\\t": 9])
    decimal = reader.choice("decimal", among: [".", ","])?.utf8.first
    thousands = reader.choice("thousands", among: [",", ".", " ", "'", "_"])?.utf8.first
    if reader.has("quote") {
      let mark = Self.mark("quote", &reader, words: ["none": 0])
      quote = mark.map { $0 == 0 ? nil : $0 }
    } else {
      _ = reader.value("quote")
    }
    escape = Self.mark("escape", &reader)
    comment = Self.mark("comment", &reader)
    hasHeader = reader.bool("header")
    encoding = reader.choice("encoding", of: TextEncoding.self)
    missingMarks = Self.marks(&reader)
    if let thousands, thousands == decimal ?? (thousands == UInt8(ascii: ".") ? nil : UInt8(ascii: ".")) {
      reader.fault("thousands", "must differ from the decimal mark")
    }
    let marks = [("quote", quote ?? nil), ("escape", escape), ("comment", comment)]
    for (name, mark) in marks where mark != nil && mark == delimiter {
      reader.fault(name, "must differ from the delimiter")
    }
  }

  /// One printable ASCII character that cannot be a part of a number or a word, or a word for one.
  private static func mark(
    _ name: String, _ reader: inout ObjectReader, words: [String: UInt8] = [:]
  ) -> UInt8? {
    guard let text = reader.string(name) else { return nil }
    if let code = words[text] { return code }
    if text.utf8.count == 1, let byte = text.utf8.first, (0x20...0x7E).contains(byte) || byte == 9,
      !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte),
      !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    {
      return byte
    }
    let words = words.keys.sorted().filter { $0 != "\\t" }.map { " or `\($0)`" }.joined()
    reader.fault(name, "expected one ASCII character that is no letter and no digit\(words)")
    return nil
  }

  /// Texts, or numbers as they are written.
  private static func marks(_ reader: inout ObjectReader) -> [String] {
    guard let array = reader.array("na_values", count: 0...100) else { return [] }
    let place = reader.pointer.appending("na_values")
    return array.enumerated().compactMap { index, value in
      switch value {
      case .string(let text): return text
      case .number: return ClassLabels.spelling(of: value)
      default:
        reader.faults.add(
          "expected a text or a number, got \(value.typeNameWithArticle)", at: place.appending(index))
        return nil
      }
    }
  }
}
