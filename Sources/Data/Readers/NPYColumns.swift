// The columns of a NumPy array as a table: they have no names but their numbers.

import JSON

/// Chooses the feature and target columns of an array, which are named `x1`, `x2`, … as those of inline rows are.
struct NPYColumns {
  let file: DataFile

  func table(_ bytes: [UInt8]) -> Table? {
    let (faults, limits) = (file.faults, file.limits)
    let array: NPYArray
    do {
      array = try NPYArray(bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns)
    } catch {
      faults.add(error.description, at: file.pointer)
      return nil
    }
    let before = faults.faults.count
    let names = (0..<array.columnCount).map { "x\($0 + 1)" }
    let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    guard let (chosen, targets) = file.columns(names, positions) else { return nil }
    if !array.areAllFinite {
      file.add("the value is infinite", at: places(array, chosen + targets) { $0.isInfinite })
      file.reportMissing(features: chosen, targets: targets) { columns, fault in
        file.add(fault, at: places(array, columns) { $0.isNaN })
      }
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

  /// The places of some values, column by column.
  private func places(
    _ array: NPYArray, _ columns: [Int], where isWanted: @escaping (Double) -> Bool
  ) -> some Sequence<String> {
    columns.lazy.flatMap { column in
      array.numbers(of: column).enumerated().lazy.filter { isWanted($0.element) }.map {
        "row \($0.offset + 1), column \(column + 1)"
      }
    }
  }
}
