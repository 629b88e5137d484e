// What is learned: numbers, one of two classes, or one of several; decided from the targets where the client leaves it open.

package import Engine
import JSON

/// The kind of prediction.
public enum LearningTask: String, CaseIterable, Sendable {
  case regression
  case binary
  case multiclass

  /// What training minimises.
  package var loss: Loss {
    switch self {
    case .regression: .meanSquaredError
    case .binary: .binaryCrossEntropy
    case .multiclass: .softmaxCrossEntropy
    }
  }

  /// Whether the targets are classes.
  package var isClassification: Bool { self != .regression }
}

/// The client's `task`.
package enum TaskChoice: String, CaseIterable, Sendable {
  case auto, regression, binary, multiclass
}

extension LearningTask {
  /// The task of these targets, which become class columns where the task needs classes; nil with faults where
  /// they do not fit.
  ///
  /// `auto`: numbers are for regression, two classes are binary, more are multiclass.
  init?(
    _ choice: TaskChoice, targets: inout [Column], task pointer: JSONPointer, faults: FaultCollector,
    limits: DataLimits
  ) {
    if choice != .auto, choice != .regression, targets.count == 1,
      case .numbers(let values) = targets[0].values
    {
      targets[0].values = ClassLabels.encode(numbers: values)
    }
    let counts = targets.map { column -> Int? in
      if case .classes(_, let labels) = column.values { labels.count } else { nil }
    }
    let fault: String
    switch (choice, counts.count == 1 ? counts[0] : nil) {
    case (.auto, let count?) where (2...limits.maximumCategories).contains(count):
      self = count == 2 ? .binary : .multiclass
      return
    case (.binary, 2):
      self = .binary
      return
    case (.multiclass, let count?) where (2...limits.maximumCategories).contains(count):
      self = .multiclass
      return
    case (.auto, nil) where counts.allSatisfy({ $0 == nil }),
      (.regression, nil) where counts.allSatisfy({ $0 == nil }):
      self = .regression
      return
    case (.auto, nil), (.regression, nil):
      fault = "of several target columns all must be numbers"
    case (.regression, _?):
      fault = "regression needs targets that are numbers"
    case (.auto, 0?), (.auto, 1?), (.multiclass, 0?), (.multiclass, 1?):
      fault = "the target `\(targets[0].name)` has only one class; at least two are needed"
    case (.binary, let count?):
      fault = "binary needs exactly two classes; the targets have \(count)"
    case (.auto, let count?), (.multiclass, let count?):
      fault = "the targets have \(count) classes, more than \(limits.maximumCategories)"
    case (.binary, nil), (.multiclass, nil):
      fault = "classes need exactly one target column"
    }
    faults.add(fault, at: pointer)
    return nil
  }
}
