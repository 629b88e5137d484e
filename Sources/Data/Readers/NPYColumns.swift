// The columns of a NumPy array as a table: they have no names but their numbers.

import JSON

/// Chooses the feature and target columns of an array, which are named `x1`, `x2`, … as those of inline rows are.
struct NPYColumns {
  let file: DataFile

  /// Nil when a fault says why.
  func table(_ bytes: [UInt8]) -> LoadedTable? {
    let (faults, limits) = (file.faults, file.limits)
    let array: NPYArray
    do {
      array = try NPYArray(bytes, maximumRows: limits.maximumRows, maximumColumns: limits.maximumColumns)
    } catch {
      faults.add(error.description, at: file.pointer)
      return nil
    }
    let before = faults.faults.count
    let header = CSVHeader(count: array.columnCount)
    guard let choice = file.columns(header.names, header.positions) else { return nil }
    let (chosen, targets) = (choice.features, choice.targets)
    if !array.areAllFinite {
      file.add("the value is infinite", at: infinities(array, chosen + targets))
    }
    guard faults.faults.count == before else { return nil }
    let table = Table(
      features: chosen.map { column in
        let type = choice.types[column] ?? .number
        let isNumber = type == .number || type == .ignore
        return Column(
          name: header.names[column],
          values: isNumber
            ? array.values(of: column) : ClassLabels.encode(spelled: array.numbers(of: column)))
      },
      targets: targets.map { column in
        Column(name: header.names[column], values: targetValues(array, column, choice.types[column]))
      })
    var format = TableFormat()
    format.columnCount = array.columnCount
    format.types = choice.types.sorted { $0.key < $1.key }.filter { $0.value != .ignore }.map {
      (header.names[$0.key], $0.value)
    }
    format.ignored = choice.ignored.sorted().map { header.names[$0] }
    let pointer = file.pointer
    var loaded = LoadedTable(table, format: format, pointer: pointer) { row, feature in
      (pointer, "row \(row + 1), column \(chosen[feature] + 1): ")
    }
    if let column = choice.lengths {
      loaded.givenLengths = LoadedTable.GivenLengths(values: array.numbers(of: column)) { row in
        (pointer, "row \(row + 1), column \(column + 1): ")
      }
    }
    return loaded
  }

  /// Booleans are classes, as those of inline targets are.
  private func targetValues(_ array: NPYArray, _ column: Int, _ type: ColumnType?) -> ColumnValues {
    let numbers = array.numbers(of: column)
    if array.isBoolean { return ClassLabels.encode(booleans: numbers.map { $0 == 1 }) }
    return type == .category || type == .boolean ? ClassLabels.encode(numbers: numbers) : .numbers(numbers)
  }

  /// The places of infinite values, column by column.
  private func infinities(_ array: NPYArray, _ columns: [Int]) -> some Sequence<String> {
    columns.lazy.flatMap { column in
      array.numbers(of: column).enumerated().lazy.filter { $0.element.isInfinite }.map {
        "row \($0.offset + 1), column \(column + 1)"
      }
    }
  }
}
