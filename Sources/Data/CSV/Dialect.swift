// How a text of rows is written: what separates its fields, how its numbers look, whether names stand above them.

/// How a text is cut into records and fields, and how its numbers are written. Every mark is one ASCII character.
package struct Dialect: Equatable, Sendable {
  /// Between fields.
  package var delimiter = UInt8(ascii: ",")
  /// Before the fraction of a number: `.` or `,`.
  package var decimal = UInt8(ascii: ".")
  /// Between the thousands of a number; nil where numbers are not grouped.
  package var thousands: UInt8?
  /// Around fields that hold delimiters or line ends; nil where a quote is a character like any other.
  package var quote: UInt8? = UInt8(ascii: "\"")
  /// Before a quote that is content, where quotes are not doubled.
  package var escape: UInt8?
  /// At the beginning of lines that are skipped.
  package var comment: UInt8?
  /// Whether the first record names the columns.
  package var hasHeader = true

  /// RFC 4180's dialect: commas, doubled quotes, a header.
  package init() {}

  /// Whether numbers are written as `DecimalPrefix` reads them.
  var hasPlainNumbers: Bool { decimal == UInt8(ascii: ".") && thousands == nil }
}

/// What the client says of the dialect; nil where it is to be found.
package struct DialectOptions: Equatable, Sendable {
  /// Between fields.
  package var delimiter: UInt8?
  /// Before the fraction of a number: `.` or `,`.
  package var decimal: UInt8?
  /// Between the thousands of a number.
  package var thousands: UInt8?
  /// `.some(nil)`: there are no quotes.
  package var quote: UInt8??
  /// Before a quote that is content.
  package var escape: UInt8?
  /// At the beginning of lines that are skipped.
  package var comment: UInt8?
  /// Whether the first record names the columns.
  package var hasHeader: Bool?
  /// The encoding of the bytes.
  package var encoding: TextEncoding?
  /// Texts that mark a missing value beside the usual ones.
  package var missingMarks: [String] = []

  /// Everything is to be found.
  package init() {}
}
