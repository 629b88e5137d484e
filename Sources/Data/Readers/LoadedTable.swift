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
  /// The steps of each row, as they were given and not yet checked.
  var givenLengths: GivenLengths?
  /// The windows that the rows are, where they are some.
  var windows: Windows?

  /// Steps of rows as a source has them.
  struct GivenLengths {
    /// NaN where there is none.
    var values: [Double]
    /// Where the steps of a row stand.
    var place: (_ row: Int) -> (pointer: JSONPointer, words: String)

    /// The steps; nil with faults where one is not from 1 to `steps`.
    func lengths(steps: Int, faults: FaultCollector) -> [Int]? {
      let before = faults.faults.count
      var lengths: [Int] = []
      lengths.reserveCapacity(values.count)
      for (row, value) in values.enumerated() {
        if faults.faults.count - before >= FaultCollector.maximumInRows { break }
        if let length = Int(exactly: value), (1...steps).contains(length) {
          lengths.append(length)
        } else {
          let place = place(row)
          let found = value.isNaN ? "no number" : ClassLabels.spelling(of: .number(value))
          faults.add(
            "\(place.words)must be a whole number from 1 to \(steps), the steps of a row, got \(found)",
            at: place.pointer)
        }
      }
      return faults.faults.count == before ? lengths : nil
    }
  }

  /// Where rows that are windows begin in the table that they were cut from.
  struct Windows {
    /// The first row of each.
    var starts: [Int]
    /// Rows of the table that one touches, its target's among them.
    var span: Int
    /// Rows of the table.
    var sourceRows: Int
  }

  init(
    _ table: Table, format: TableFormat? = nil, pointer: JSONPointer,
    place: @escaping (_ row: Int, _ feature: Int) -> (pointer: JSONPointer, words: String)
  ) {
    (self.table, self.format, self.pointer, self.place) = (table, format, pointer, place)
  }
}
