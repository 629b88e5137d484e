// Arrays that come beside a document: inputs, targets and lengths, each in a file of its own.

/// The files of rows with a shape; their bytes are not yet read.
package struct ArrayFiles: Equatable, Sendable {
  /// NumPy's format with two to four dimensions, of which the first counts rows.
  package var inputs: [UInt8]
  /// NumPy's format with one to three dimensions, or CSV of one column.
  package var targets: [UInt8]
  /// NumPy's format with one dimension: the steps of each row.
  package var lengths: [UInt8]?

  /// The files as they came.
  package init(inputs: [UInt8], targets: [UInt8], lengths: [UInt8]? = nil) {
    (self.inputs, self.targets, self.lengths) = (inputs, targets, lengths)
  }
}
