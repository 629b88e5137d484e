// Which columns of a table are features and which are targets, by the names in `data`.

import JSON

/// Finds the columns that `target` and `features` name.
struct ColumnChoice {
  /// Where faults of the data go.
  let data: JSONPointer
  /// The `data` section, where `target` and `features` are.
  let section: JSONPointer
  let faults: FaultCollector

  /// The positions of features, by default all columns but the targets, and of targets; nil when a fault says why.
  func columns(
    _ names: [String], _ positions: [String: Int], target: [String], features: [String]?
  ) -> (features: [Int], targets: [Int])? {
    let before = faults.faults.count
    let targetPlace = section.appending("target")
    let targets = indices(of: target, names, positions) {
      target.count == 1 ? targetPlace : targetPlace.appending($0)
    }
    let place = section.appending("features")
    let chosen: [Int]
    if let features {
      chosen = indices(of: features, names, positions, place: place.appending(_:))
      for (index, name) in features.enumerated() where target.contains(name) {
        faults.add("the column `\(name)` is the target", at: place.appending(index))
      }
    } else {
      chosen = names.indices.filter { !targets.contains($0) }
      if chosen.isEmpty { faults.add("no column is left as a feature", at: data) }
    }
    return faults.faults.count == before ? (chosen, targets) : nil
  }

  private func indices(
    of wanted: [String], _ names: [String], _ positions: [String: Int], place: (Int) -> JSONPointer
  ) -> [Int] {
    var found: [Int] = []
    for (index, name) in wanted.enumerated() where !faults.isFull {
      if let column = positions[name] {
        found.append(column)
      } else {
        let suggestion = suggestion(for: name, among: names)
        faults.add("the data has no column `\(name)`\(suggestion)", at: place(index))
      }
    }
    return found
  }
}
