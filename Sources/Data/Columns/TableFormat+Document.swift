// The form of a table as JSON, in which a trained model keeps it.

import JSON

extension TableFormat {
  /// What `init(document:)` reads.
  var document: JSONValue {
    func mark(_ byte: UInt8?) -> JSONValue { byte.map { .integer(Int($0)) } ?? .null }
    func texts(_ texts: [String]) -> JSONValue { .array(JSONArray(texts.map(JSONValue.string))) }
    return [
      "is_text": .bool(isText), "delimiter": mark(dialect.delimiter), "decimal": mark(dialect.decimal),
      "thousands": mark(dialect.thousands), "quote": mark(dialect.quote), "escape": mark(dialect.escape),
      "comment": mark(dialect.comment), "header": .bool(dialect.hasHeader),
      "encoding": .string(encoding.rawValue), "na_values": texts(missingMarks),
      "columns": .integer(columnCount), "names": texts(types.map(\.name)),
      "types": texts(types.map(\.type.rawValue)), "ignored": texts(ignored),
    ]
  }

  /// Nil where the document is none of a format.
  init?(document: JSONValue) {
    func mark(_ name: String) -> UInt8? { document[name]?.intValue.flatMap(UInt8.init(exactly:)) }
    func texts(_ name: String) -> [String]? { document[name]?.arrayValue?.compactMap(\.stringValue) }
    self.init()
    guard let isText = document["is_text"]?.boolValue, let delimiter = mark("delimiter"),
      let decimal = mark("decimal"), let hasHeader = document["header"]?.boolValue,
      let encoding = document["encoding"]?.stringValue.flatMap(TextEncoding.init),
      let marks = texts("na_values"), let columns = document["columns"]?.intValue, let names = texts("names"),
      let types = texts("types")?.compactMap(ColumnType.init), types.count == names.count,
      let ignored = texts("ignored")
    else { return nil }
    self.isText = isText
    dialect.delimiter = delimiter
    dialect.decimal = decimal
    dialect.thousands = mark("thousands")
    dialect.quote = mark("quote")
    dialect.escape = mark("escape")
    dialect.comment = mark("comment")
    dialect.hasHeader = hasHeader
    self.encoding = encoding
    missingMarks = marks
    columnCount = columns
    self.types = zip(names, types).map { ($0, $1) }
    self.ignored = ignored
  }
}
