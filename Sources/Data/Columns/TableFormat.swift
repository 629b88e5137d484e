// How the table was written that a data set was read from: what its rows to predict will look like.

/// The form of a table of named columns.
package struct TableFormat: Equatable, Sendable {
  /// Whether the table was a text; an array has neither a dialect nor an encoding.
  package var isText = false
  /// How the text was written.
  package var dialect = Dialect()
  /// How its bytes were encoded.
  package var encoding = TextEncoding.utf8
  /// Texts that mean a missing value, beside the usual ones.
  package var missingMarks: [String] = []
  /// Columns of the table, those that are not used among them.
  package var columnCount = 0
  /// What the columns that are used hold.
  package var types: [(name: String, type: ColumnType)] = []
  /// The columns that are not used because the client or a rule left them out.
  package var ignored: [String] = []

  /// The format of a plain array without columns.
  package init() {}

  package static func == (left: TableFormat, right: TableFormat) -> Bool {
    left.isText == right.isText && left.dialect == right.dialect && left.encoding == right.encoding
      && left.missingMarks == right.missingMarks && left.columnCount == right.columnCount
      && left.ignored == right.ignored && left.types.elementsEqual(right.types, by: ==)
  }
}
