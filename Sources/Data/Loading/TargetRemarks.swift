// What the client should know of targets: numbers that may be classes, and classes that a part of the rows lacks.

import JSON
import Text

/// Remarks on the targets of a table that is about to be split.
struct TargetRemarks {
  let task: LearningTask
  /// Whether the client left the task open.
  let isTaskOpen: Bool
  /// The `data` section.
  let section: JSONPointer

  /// Most values of whole numbers that may be names of classes.
  private static let maximumFew = 10
  /// Classes named in one remark.
  private static let maximumNamed = 5

  private func remark(_ code: String, _ message: String, _ member: String) -> Warning {
    Warning(code: code, message: message, pointer: section.appending(member))
  }

  // MARK: - The values

  /// Remarks that do not depend on the split.
  func onValues(_ targets: [Column]) -> [Warning] {
    targets.flatMap { target -> [Warning] in
      switch target.values {
      case .numbers(let values): onNumbers(target.name, values)
      case .classes(let codes, let labels): onClasses(target.name, codes, labels)
      case .floats: []
      }
    }
  }

  private func onNumbers(_ name: String, _ values: [Double]) -> [Warning] {
    guard let first = values.first else { return [] }
    if ColumnMoments.isConstant(.numbers(values)) {
      let value = ClassLabels.spelling(of: .number(first))
      return [
        remark(
          "constant_target",
          "the target `\(name)` has one value in every row, \(value): there is nothing to learn, and R² is undefined",
          "target")
      ]
    }
    var distinct: Set<Double> = []
    for value in values {
      if value != value.rounded() { return [] }
      distinct.insert(value)
      if distinct.count > Self.maximumFew { return [] }
    }
    guard isTaskOpen, values.count >= 2 * distinct.count else { return [] }
    let list = distinct.sorted().map { ClassLabels.spelling(of: .number($0)) }.joined(separator: ", ")
    let other = distinct.count == 2 ? "binary" : "multiclass"
    return [
      Warning(
        code: "few_whole_numbers",
        message:
          "the target `\(name)` has no other values than \(list), and they are trained as numbers (regression); set "
          + "`task` to `\(other)` if they name classes",
        pointer: JSONPointer().appending("task"))
    ]
  }

  private func onClasses(_ name: String, _ codes: [Int32], _ labels: [JSONValue]) -> [Warning] {
    let counts = Self.counts(codes.indices.map { $0 }, codes, labels.count)
    let single = counts.indices.filter { counts[$0] == 1 }
    if single.isEmpty { return [] }
    if single.count == labels.count {
      return [
        remark(
          "one_row_per_class",
          "every class of the target `\(name)` has one row: nothing can be learned from so few",
          "target")
      ]
    }
    return [
      remark(
        "one_row_class", "one row alone has \(words(single, labels)) of the target `\(name)`", "target")
    ]
  }

  // MARK: - The parts

  /// Remarks on what each part of the rows lacks.
  func onSplit(_ split: Split, _ targets: [Column]) -> [Warning] {
    var warnings: [Warning] = []
    for target in targets {
      switch target.values {
      case .classes(let codes, let labels): warnings += onParts(split, codes, labels)
      case .numbers(let values):
        let training = split.training.map { values[$0] }
        if ColumnMoments.isConstant(.numbers(training)), !ColumnMoments.isConstant(.numbers(values)) {
          warnings.append(
            remark(
              "constant_target", "the target `\(target.name)` has one value in all training rows", "split"))
        }
      case .floats: break
      }
    }
    return warnings
  }

  private func onParts(_ split: Split, _ codes: [Int32], _ labels: [JSONValue]) -> [Warning] {
    let undefined = "AUC and F1 are undefined or mean nothing there"
    let parts: [(name: String, rows: [Int], effect: String)] = [
      ("training", split.training, "what no training row has is never predicted"),
      ("validation", split.validation, undefined), ("test", split.test, undefined),
    ]
    return parts.compactMap { part in
      if part.rows.isEmpty { return nil }
      let counts = Self.counts(part.rows, codes, labels.count)
      let lacking = counts.indices.filter { counts[$0] == 0 }
      if lacking.isEmpty { return nil }
      let member = part.name == "training" ? "split" : "\(part.name)_fraction"
      return remark(
        "class_without_\(part.name)_rows",
        "no \(part.name) row has \(words(lacking, labels)): \(part.effect)", member)
    }
  }

  private static func counts(_ rows: [Int], _ codes: [Int32], _ count: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: count)
    for row in rows where codes[row] >= 0 { counts[Int(codes[row])] += 1 }
    return counts
  }

  /// "the class `a`", "the classes `a`, `b`"
  private func words(_ classes: [Int], _ labels: [JSONValue]) -> String {
    let names = classes.prefix(Self.maximumNamed).map {
      quoted(ClassLabels.spelling(of: labels[$0]))
    }
    let rest = classes.count - names.count
    let list = names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    return classes.count == 1 ? "the class \(list)" : "the classes \(list)"
  }
}
