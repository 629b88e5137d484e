// What the client may say that a column holds.

/// What a column holds: as the client says, or as it was found.
package enum ColumnType: String, CaseIterable, Sendable {
  /// Numbers, which are scaled; a regression's targets.
  case number
  /// One of several texts, one column of the encoded row for each.
  case category
  /// One of two words for no and yes.
  case boolean
  /// Nothing that is used.
  case ignore
}
