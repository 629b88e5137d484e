// The columns of a NumPy array as a table: they have no names but their numbers.

import JSON

/// Chooses the feature and target columns of an array, which are named `x1`, `x2`, … as those of inline rows are.
struct NPYColumns {
  /// Where faults of the file go.
  let pointer: JSONPointer
  /// The `data` section, where `target` and `features` are.
  let section: JSONPointer
  let faults: FaultCollector
  let limits: TrainingLimits
  let missing: MissingPolicy

  /// Past this many missing values, naming more of them helps nobody.
  private static let maximumFaults = 20

  func table(_ bytes: [UInt8], target: [String], features: [String]?) -> Table? {
    let array: NPYArray
    do {
      array = try NPYArray(bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns)
    } catch {
      faults.add(error.description, at: pointer)
      return nil
    }
    let before = faults.faults.count
    let names = (0..<array.columnCount).map { "x\($0 + 1)" }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let choice = ColumnChoice(data: pointer, section: section, faults: faults)
    guard let (chosen, targets) = choice.columns(names, positions, target: target, features: features) else {
      return nil
    }
    if !array.areAllFinite {
      reportInfinite(array, chosen + targets)
      if missing == .error { reportMissing(array, chosen, "set `missing` to `mean` or `drop` to allow this") }
      if missing != .drop { reportMissing(array, targets, "set `missing` to `drop` to leave such rows out") }
    }
    guard faults.faults.count == before else { return nil }
    return Table(
      features: chosen.map { Column(name: names[$0], values: array.values(of: $0)) },
      targets: targets.map { Column(name: names[$0], values: targetValues(array, $0)) })
  }

  /// Booleans are classes, as those of inline targets are.
  private func targetValues(_ array: NPYArray, _ column: Int) -> ColumnValues {
    let numbers = array.numbers(of: column)
    return array.isBoolean ? ClassLabels.encode(booleans: numbers.map { $0 == 1 }) : .numbers(numbers)
  }

  /// NaN is a missing value.
  private func reportMissing(_ array: NPYArray, _ columns: [Int], _ advice: String) {
    report(array, columns, "the value is missing; \(advice)") { $0.isNaN }
  }

  private func reportInfinite(_ array: NPYArray, _ columns: [Int]) {
    report(array, columns, "the value is infinite") { $0.isInfinite }
  }

  private func report(_ array: NPYArray, _ columns: [Int], _ text: String, where isWrong: (Double) -> Bool) {
    var count = 0
    for column in columns {
      for (row, number) in array.numbers(of: column).enumerated() where isWrong(number) {
        count += 1
        if count > Self.maximumFaults { return }
        faults.add("row \(row + 1), column \(column + 1): \(text)", at: pointer)
      }
    }
  }
}
