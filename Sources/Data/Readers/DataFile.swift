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
  let faults: FaultCollector
  let limits: DataLimits

  /// Past this many wrong values, naming more of them helps nobody.
  private static let maximumFaults = 20

  /// Calls `report` with the columns in which no value may be missing, and what to say of one that is.
  func reportMissing(
    features: [Int], targets: [Int], _ report: (_ columns: [Int], _ fault: String) -> Void
  ) {
    if data.missing == .error {
      report(features, "the value is missing; set `missing` to `mean` or `drop` to allow this")
    }
    if data.missing != .drop {
      report(targets, "the value is missing; set `missing` to `drop` to leave such rows out")
    }
  }

  /// Adds the faults of wrong values, each by its place, up to 20 of them.
  func add(_ fault: String, at places: some Sequence<String>) {
    for place in places.prefix(Self.maximumFaults) { faults.add("\(place): \(fault)", at: pointer) }
  }

  /// The positions of features, by default all columns but the targets, and of targets; nil when a fault says why.
  func columns(
    _ names: [String], _ positions: [String: Int]
  ) -> (features: [Int], targets: [Int])? {
    let before = faults.faults.count
    let (target, features) = (data.target, data.features)
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
      if chosen.isEmpty { faults.add("no column is left as a feature", at: pointer) }
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
