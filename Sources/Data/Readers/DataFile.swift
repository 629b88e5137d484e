// A file of rows, or a text that stands for one, as its readers see it: what is wanted of it and where faults go.

import JSON
import Text

/// What the readers of CSV and of NumPy's format share.
struct DataFile {
  /// Where faults of the rows go: `#/data/csv`, or `#/data` for an attached file.
  let pointer: JSONPointer
  /// The `data` section, where `target` and `features` are.
  let section: JSONPointer
  let data: DataSection
  /// Whether the features of a row make up a shape, so that each has its place whatever it holds.
  let areShaped: Bool
  let faults: FaultCollector
  let limits: DataLimits

  /// The columns that are used.
  struct Choice {
    /// Positions of features; by default all columns but the targets and those that are left out.
    var features: [Int]
    var targets: [Int]
    /// The column that has the steps of each row.
    var lengths: Int?
    /// Columns that the client leaves out.
    var ignored: Set<Int>
    /// The types that the client gives, by position.
    var types: [Int: ColumnType]
  }

  /// Adds the faults of wrong values, each by its place, up to 20 of them.
  func add(_ fault: String, at places: some Sequence<String>) {
    for place in places.prefix(FaultCollector.maximumInRows) { faults.add("\(place): \(fault)", at: pointer) }
  }

  /// The columns that the client means; nil when a fault says why. Of windows also the targets are features, by their past.
  ///
  /// - Parameter leftOut: columns that are no feature unless the client names them.
  func columns(
    _ names: [String], _ positions: [String: Int], leftOut: Set<Int> = [], note: String = ""
  ) -> Choice? {
    let before = faults.faults.count
    let (target, features) = (data.target, data.features)
    let targetPlace = section.appending("target")
    let targets = indices(of: target, names, positions, note: note) {
      target.count == 1 ? targetPlace : targetPlace.appending($0)
    }
    let ignored = ignored(names, positions, note)
    let lengths = indices(of: data.lengths.map { [$0] } ?? [], names, positions, note: note) { _ in
      section.appending("lengths")
    }.first
    let types = Dictionary(
      data.types.compactMap { name, type in positions[name].map { ($0, type) } },
      uniquingKeysWith: { first, _ in first })
    let place = section.appending("features")
    let chosen: [Int]
    if let features {
      chosen = indices(of: features, names, positions, note: note, place: place.appending(_:))
      for (index, name) in features.enumerated() where target.contains(name) && data.window == nil {
        faults.add("the column `\(name)` is the target", at: place.appending(index))
      }
      for (index, column) in chosen.enumerated() where ignored.contains(column) {
        faults.add(
          "the column `\(names[column])` is left out by `ignore` or `types`", at: place.appending(index))
      }
    } else {
      chosen = names.indices.filter { column in
        (data.window != nil || !targets.contains(column)) && !ignored.contains(column) && column != lengths
          && (!leftOut.contains(column) || types[column] != nil)
      }
      if chosen.isEmpty { faults.add("no column is left as a feature", at: pointer) }
    }
    for column in targets where ignored.contains(column) {
      faults.add("the column `\(names[column])` is left out by `ignore` or `types`", at: targetPlace)
    }
    guard faults.faults.count == before else { return nil }
    return Choice(features: chosen, targets: targets, lengths: lengths, ignored: ignored, types: types)
  }

  private func ignored(_ names: [String], _ positions: [String: Int], _ note: String) -> Set<Int> {
    let place = section.appending("ignore")
    var ignored = Set(indices(of: data.ignore, names, positions, note: note, place: place.appending(_:)))
    for (name, type) in data.types where !faults.isFull {
      if let column = positions[name] {
        if type == .ignore { ignored.insert(column) }
      } else {
        faults.add(
          "the data has no column `\(name)`\(suggestion(for: name, among: names))\(note)",
          at: section.appending("types").appending(name))
      }
    }
    return ignored
  }

  private func indices(
    of wanted: [String], _ names: [String], _ positions: [String: Int], note: String,
    place: (Int) -> JSONPointer
  ) -> [Int] {
    var found: [Int] = []
    for (index, name) in wanted.enumerated() where !faults.isFull {
      if let column = positions[name] {
        found.append(column)
      } else {
        let suggestion = suggestion(for: name, among: names)
        faults.add("the data has no column `\(name)`\(suggestion)\(note)", at: place(index))
      }
    }
    return found
  }
}
