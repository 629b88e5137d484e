// A table as a reader of one source leaves it, with the words for its places.

import JSON

/// Rows as read, and how to speak of them.
struct LoadedTable {
  var table: Table
  /// How the table was written; nil where the source has no columns with names.
  var format: TableFormat?
  /// Where faults of columns go.
  var pointer: JSONPointer
  /// Where the value of a feature stands: the member, and the words before what is wrong with it.
  var place: (_ row: Int, _ feature: Int) -> (pointer: JSONPointer, words: String)

  init(
    _ table: Table, format: TableFormat? = nil, pointer: JSONPointer,
    place: @escaping (_ row: Int, _ feature: Int) -> (pointer: JSONPointer, words: String)
  ) {
    (self.table, self.format, self.pointer, self.place) = (table, format, pointer, place)
  }
}
