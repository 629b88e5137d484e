// An `activation`: a strategy with its options, or a name, checked and compiled at once.

package import Activations
import JSON

/// A job's or a layer's activation as the client asked for it.
package struct ActivationSection: Sendable {
  /// The strategy with its options.
  package let strategy: Strategy
  /// The functions found, formulas parsed and programs compiled, with initial values by the job's seed.
  package let specification: ActivationSpecification

  /// Reads a strategy object or a name; nil with faults where it cannot be used.
  ///
  /// A function's name is short for `fixed`, or for `parametric` where the function has parameters to train; a
  /// strategy's name is short for that strategy with its defaults.
  init?(_ value: JSONValue, at pointer: JSONPointer, seed: UInt64, faults: FaultCollector) {
    do throws(StrategyError) {
      strategy = try Self.strategy(value)
      specification = try strategy.specification(seed: seed)
    } catch {
      for fault in error.faults {
        // Under a bare name there is no member for a path to lead to.
        let path = value.stringValue == nil ? fault.path : []
        faults.add(fault.detail, at: path.reduce(pointer) { $0.appending($1) })
      }
      return nil
    }
  }

  /// The strategy that a document names.
  ///
  /// - Parameter name: the strategy of an object that names none; nil makes that a fault.
  static func strategy(_ value: JSONValue, default name: String? = nil) throws(StrategyError) -> Strategy {
    if let name, let object = value.objectValue, object["strategy"] == nil, object["expression"] != nil {
      var named: JSONObject = ["strategy": .string(name)]
      for (key, member) in object.pairs { named[key] = member }
      return try Strategy(options(.object(named)))
    }
    return try Strategy(options(value))
  }

  private static func options(_ value: JSONValue) -> OptionValue {
    guard let name = value.stringValue else { return OptionValue(value) }
    if StrategyDescription.named(name) != nil { return .object([OptionMember("strategy", .string(name))]) }
    guard let activation = Catalogue.named(name), !activation.parameters.isEmpty else { return .string(name) }
    return .object([OptionMember("strategy", .string("parametric")), OptionMember("function", .string(name))])
  }

  var resolved: JSONValue { JSONValue(strategy.resolvedOptions) }
}

extension OptionValue {
  init(_ value: JSONValue) {
    self =
      switch value {
      case .null: .null
      case .bool(let bool): .bool(bool)
      case .number(let number): .number(number)
      case .string(let text): .string(text)
      case .array(let array): .list(array.map(OptionValue.init))
      case .object(let object): .object(object.pairs.map { OptionMember($0.key, OptionValue($0.value)) })
      }
  }
}

extension JSONValue {
  init(_ option: OptionValue) {
    self =
      switch option {
      case .null: .null
      case .bool(let bool): .bool(bool)
      case .number(let number): .number(number)
      case .string(let text): .string(text)
      case .list(let items): .array(JSONArray(items.map(JSONValue.init)))
      case .object(let members): .object(JSONObject(members.map { ($0.name, JSONValue($0.value)) }))
      }
  }
}
