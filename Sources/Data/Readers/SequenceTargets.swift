// Targets of every step of a sequence: [row][step], or [row][step][k] for several numbers.

import JSON

/// Reads nested `targets` of rows that are sequences; each one that does not fit is a fault at its own place.
struct SequenceTargets {
  /// Where the targets are.
  let pointer: JSONPointer
  let faults: FaultCollector
  let limits: DataLimits

  /// What was read.
  struct Reading {
    /// Values of all rows, row by row, `steps` for each.
    var columns: [Column]
    var steps: Int
    /// Steps of each row that have a target, where they differ.
    var lengths: [Int]?
  }

  /// Whether targets stand for steps and not for rows: they are nested, and some row has not just one.
  static func areForSteps(_ targets: JSONArray) -> Bool {
    let depth = NestedRows.depth(of: .array(targets))
    if depth != 2 { return depth > 2 }
    return targets.contains { $0.arrayValue.map { $0.count != 1 } == true }
  }

  /// Nil when a fault says why.
  func read(_ targets: JSONArray) -> Reading? {
    let before = faults.faults.count
    let depth = NestedRows.depth(of: .array(targets))
    if depth > 3 {
      faults.add("targets of sequences are [row][step] or [row][step][k]", at: pointer)
      return nil
    }
    let counts = targets.map { $0.arrayValue?.count ?? 0 }
    for (index, target) in targets.enumerated() where counts[index] == 0 {
      if faults.faults.count - before >= FaultCollector.maximumInRows { break }
      faults.add(
        target.arrayValue == nil
          ? "expected an array of a target for each step, got \(target.typeNameWithArticle)"
          : "a row needs a target for at least one step", at: pointer.appending(index))
    }
    guard faults.faults.count == before, let steps = counts.max() else { return nil }
    let width = depth == 3 ? Self.width(targets) : 1
    // One long row makes all others as long.
    let count = product(of: [targets.count, steps, width]) ?? .max
    if count > limits.maximumValues {
      faults.add(
        "\(targets.count) rows of \(steps) steps are \(count) targets; at most \(limits.maximumValues) are allowed",
        at: pointer)
      return nil
    }
    let columns = depth == 3 ? numbers(targets, steps, width) : values(targets, steps)
    guard faults.faults.count == before, let columns else { return nil }
    return Reading(columns: columns, steps: steps, lengths: counts.allSatisfy { $0 == steps } ? nil : counts)
  }

  /// Numbers of a step, by the first that has some.
  private static func width(_ targets: JSONArray) -> Int {
    targets.lazy.compactMap { $0.arrayValue?.first?.arrayValue?.count }.first { $0 > 0 } ?? 1
  }

  /// [row][step][k]
  private func numbers(_ targets: JSONArray, _ steps: Int, _ width: Int) -> [Column]? {
    let before = faults.faults.count
    var columns = [[Double]](
      repeating: [Double](repeating: .nan, count: targets.count * steps), count: width)
    for (row, target) in targets.enumerated() {
      for (step, value) in (target.arrayValue ?? []).enumerated() {
        if faults.faults.count - before >= FaultCollector.maximumInRows { return nil }
        let place = pointer.appending(row).appending(step)
        guard let own = value.arrayValue else {
          faults.add("expected an array of \(width) numbers, got \(value.typeNameWithArticle)", at: place)
          continue
        }
        if own.count != width {
          faults.add("expected \(width) numbers as in the other steps, got \(own.count)", at: place)
          continue
        }
        for (column, number) in own.enumerated() {
          if let number = number.doubleValue {
            columns[column][row * steps + step] = number
          } else if !number.isNull {
            faults.add("expected a number, got \(number.typeNameWithArticle)", at: place.appending(column))
          }
        }
      }
    }
    return columns.enumerated().map {
      Column(name: width == 1 ? "y" : "y\($0 + 1)", values: .numbers($1))
    }
  }

  /// [row][step]: numbers, class names or booleans.
  private func values(_ targets: JSONArray, _ steps: Int) -> [Column]? {
    let before = faults.faults.count
    var flat = [JSONValue](repeating: .null, count: targets.count * steps)
    var kind: JSONValue?
    for (row, target) in targets.enumerated() {
      for (step, value) in (target.arrayValue ?? []).enumerated() {
        if faults.faults.count - before >= FaultCollector.maximumInRows { return nil }
        flat[row * steps + step] = value
        if value.isNull { continue }
        guard let first = kind else {
          kind = value
          continue
        }
        if value.typeName != first.typeName {
          faults.add(
            "expected \(first.typeNameWithArticle) like the first target, got \(value.typeNameWithArticle)",
            at: pointer.appending(row).appending(step))
        }
      }
    }
    let values: ColumnValues
    switch kind {
    case nil:
      faults.add("every target is null", at: pointer)
      return nil
    case .string?: values = ClassLabels.encode(texts: flat.map(\.stringValue))
    case .bool?: values = ClassLabels.encode(booleans: flat.map(\.boolValue))
    case .number?: values = .numbers(flat.map { $0.doubleValue ?? .nan })
    default:
      faults.add("expected a number, a class name or a boolean", at: pointer.appending(0).appending(0))
      return nil
    }
    return [Column(name: "y", values: values)]
  }
}
