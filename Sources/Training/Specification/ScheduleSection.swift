// The `schedule` of the training section: how the learning rate changes, in epochs.

package import Engine
import JSON
import Text

/// How the learning rate changes over the epochs.
package struct ScheduleSection: Equatable, Sendable {
  /// The shape after the warm-up.
  package enum Name: String, CaseIterable, Sendable {
    case constant, step, cosine, linear
  }

  /// The shape after the warm-up.
  package var name = Name.constant
  /// Epochs over which the rate first rises to its full size; 0: none.
  package var warmupEpochs = 0.0
  /// `step`: after every so many epochs the rate is multiplied by `factor`.
  package var everyEpochs = 30.0
  /// `step`: see `everyEpochs`.
  package var factor = 0.1
  /// `cosine` and `linear`: the share of the rate that is left at the end.
  package var floor = 0.0
}

extension ScheduleSection {
  init(_ value: JSONValue?, at pointer: JSONPointer, faults: FaultCollector) {
    guard let value else { return }
    if let text = value.stringValue {
      guard let named = Name(rawValue: text) else {
        let choices = Name.allCases.map(\.rawValue)
        faults.add(
          "expected one of \(listed(choices)), got \(quoted(text))\(suggestion(for: text, among: choices))",
          at: pointer)
        return
      }
      name = named
      return
    }
    var reader = ObjectReader(value, at: pointer, faults: faults)
    guard value.objectValue != nil else { return }
    name = reader.choice("name", of: Name.self) ?? .constant
    warmupEpochs = reader.number("warmup_epochs", in: 0...100_000) ?? 0
    switch name {
    case .step:
      everyEpochs = reader.number("every_epochs", above: 0) ?? everyEpochs
      factor = reader.number("factor", in: 0...1) ?? factor
    case .cosine, .linear:
      floor = reader.number("floor", in: 0...1) ?? floor
    case .constant: break
    }
    reader.finish()
  }

  /// The engine's schedule, which counts steps.
  package func schedule(stepsPerEpoch: Int) -> Schedule {
    let steps = { (epochs: Double) in Int((min(epochs, 1e9) * Double(stepsPerEpoch)).rounded()) }
    let shape: Schedule.Shape =
      switch name {
      case .constant: .constant
      case .step: .step(every: max(1, steps(everyEpochs)), factor: factor)
      case .cosine: .cosine(floor: floor)
      case .linear: .linear(floor: floor)
      }
    return Schedule(shape, warmupSteps: steps(warmupEpochs))
  }

  var resolved: JSONValue {
    var object: JSONObject = ["name": .string(name.rawValue), "warmup_epochs": .number(warmupEpochs)]
    switch name {
    case .step:
      object["every_epochs"] = .number(everyEpochs)
      object["factor"] = .number(factor)
    case .cosine, .linear: object["floor"] = .number(floor)
    case .constant: break
    }
    return .object(object)
  }
}
