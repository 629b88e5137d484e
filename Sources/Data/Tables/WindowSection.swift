// `data.window`: sequences cut out of a table in time order.

package import JSON

/// Which rows of a table make a sequence, and which one has its target.
package struct WindowSection: Equatable, Sendable {
  /// Rows of a sequence.
  package var steps: Int
  /// The target stands so many rows behind the last of them.
  package var horizon = 1
  /// Rows from the beginning of a sequence to that of the next.
  package var stride = 1

  /// A window of `steps` rows, its target in the next one.
  package init(steps: Int) { self.steps = steps }

  /// Rows of the table that one window touches, its target's among them.
  package var span: Int { steps + horizon }

  /// Reads the member; nil where it is faulty.
  init?(_ given: ObjectReader, limits: DataLimits) {
    var reader = given
    let before = reader.faults.faults.count
    let steps = reader.integer("steps", in: 1...limits.maximumColumns, required: true)
    let horizon = reader.integer("horizon", in: 1...limits.maximumRows)
    let stride = reader.integer("stride", in: 1...limits.maximumRows)
    reader.finish()
    guard let steps, reader.faults.faults.count == before else { return nil }
    (self.steps, self.horizon, self.stride) = (steps, horizon ?? 1, stride ?? 1)
  }

  /// The member with every default written out; `init(document:)` reads it too.
  package var document: JSONValue {
    ["steps": .integer(steps), "horizon": .integer(horizon), "stride": .integer(stride)]
  }

  /// Nil where the document is none of a window.
  init?(document: JSONValue) {
    guard let steps = document["steps"]?.intValue, let horizon = document["horizon"]?.intValue,
      let stride = document["stride"]?.intValue, steps > 0, horizon > 0, stride > 0
    else { return nil }
    (self.steps, self.horizon, self.stride) = (steps, horizon, stride)
  }
}
