// What the service offers, as documents: activations with their formulas and curves, strategies with a schema of their options.

import Activations
public import JSON
import Text

/// The documents of listActivations, getActivation and listStrategies.
public enum TrainingDescriptions {
  /// `{"data": […]}`: every activation of the catalogue, without curves.
  ///
  /// Made once: the moments of every function are integrals.
  public static let activations: JSONValue = [
    "data": .array(JSONArray(Catalogue.all.map { .object(describe($0)) }))
  ]

  /// One activation by name or alias, with the whole analysis; with a curve and its derivative at the initial parameters
  /// where a sampling is given. Nil if there is none of that name.
  ///
  /// Takes some tens of milliseconds the first time, most of it for the entries that it resembles.
  public static func activation(_ name: String, _ sampling: CurveSampling?) -> JSONValue? {
    guard let activation = Catalogue.named(name) else { return nil }
    var object = describe(activation)
    object["analysis"] = analysis(of: activation)
    if let sampling {
      let x = sampling.grid()
      let function = CompiledActivation(activation)
      let curve = SampledCurve(function, x: x, values: function.parameters.map { [Float($0.initial)] })
      object["curve"] = [
        "x": .array(JSONArray(numbers: x)), "y": floats(curve.meanValue),
        "derivative": floats(curve.meanDerivative),
      ]
    }
    return .object(object)
  }

  /// `{"activation", "trainable", "problem", "analysis"}` of an activation as a job would give it, or of a bare
  /// `{"expression", "parameters"}`.
  ///
  /// - Throws: every fault of the document; a formula that can be read and not be trained is none.
  public static func analysis(of document: JSONValue) throws(SpecificationError) -> JSONValue {
    let faults = FaultCollector()
    do throws(StrategyError) {
      let strategy = try ActivationSection.strategy(document, default: "expression")
      let subject = try AnalysisSubject(strategy)
      return [
        "activation": JSONValue(strategy.resolvedOptions), "trainable": .bool(subject.problem == nil),
        "problem": subject.problem.map(JSONValue.string) ?? .null,
        "analysis": subject.document(named: nil),
      ]
    } catch {
      for fault in error.faults {
        let path = document.stringValue == nil ? fault.path : []
        faults.add(fault.detail, at: path.reduce(JSONPointer()) { $0.appending($1) })
      }
      throw SpecificationError(faults: faults.faults)
    }
  }

  /// The nearest name in the catalogue, for "did you mean".
  public static func activationName(nearest name: String) -> String? {
    Catalogue.nearest(to: name)
  }

  /// `{"data": [{"name", "summary", "options"}]}`, `options` being a JSON Schema (2020-12) of the strategy object.
  public static let strategies: JSONValue = [
    "data": .array(JSONArray(StrategyDescription.all.map(StrategySchema.describe)))
  ]

  /// The names of the strategies, in the order of documentation.
  public static let strategyNames: [String] = StrategyDescription.all.map(\.name)

  /// The analyses that were asked for: an entry's never changes.
  private static let analyses = Memo<String, JSONValue>()

  private static func analysis(of activation: Activation) -> JSONValue {
    analyses.value(for: activation.name) {
      AnalysisSubject(activation).document(named: activation.name)
    }
  }

  private static func floats(_ values: [Double]) -> JSONValue {
    .array(JSONArray(floats: values.map { Float($0) }))
  }

  private static func describe(_ activation: Activation) -> JSONObject {
    let moments = activation.moments
    let group = Catalogue.groups.first { $0.entries.contains { $0.name == activation.name } }?.name ?? ""
    let parameters = activation.parameters.map { parameter -> (String, JSONValue) in
      (
        parameter.name,
        ["initial": .number(parameter.initial), "constraint": .string(parameter.constraint.rawValue)]
      )
    }
    return [
      "name": .string(activation.name),
      "aliases": .array(JSONArray(activation.aliases.map(JSONValue.string))),
      "group": .string(group), "summary": .string(activation.summary), "formula": .string(activation.formula),
      "parameters": .object(JSONObject(parameters)),
      "gain": moments.gainDocument, "moments": moments.document,
      "smoothness": .string(activation.smoothness.rawValue),
      "kinks": .array(JSONArray(numbers: activation.kinks)),
      "jumps": .array(JSONArray(numbers: activation.jumps)),
      "training_formula": activation.training.map { .string($0.description) } ?? .null,
      "source": .string(activation.source),
    ]
  }
}

/// JSON Schemas of strategies, from the same table that checks their options.
private enum StrategySchema {
  static func describe(_ strategy: StrategyDescription) -> JSONValue {
    var properties: JSONObject = ["strategy": ["const": .string(strategy.name)]]
    for option in strategy.options {
      var schema = schema(option.type)
      schema["description"] = .string(option.meaning)
      if let value = option.default { schema["default"] = JSONValue(value) }
      properties[option.name] = .object(schema)
    }
    let required = ["strategy"] + strategy.options.filter(\.isRequired).map(\.name)
    return [
      "name": .string(strategy.name), "summary": .string(strategy.summary),
      "options": [
        "type": "object", "properties": .object(properties),
        "required": .array(JSONArray(required.map(JSONValue.string))), "additionalProperties": false,
      ],
    ]
  }

  private static func schema(_ type: OptionType) -> JSONObject {
    let names = Catalogue.all.flatMap { [$0.name] + $0.aliases }
    let parametric = Catalogue.all.filter { !$0.parameters.isEmpty }.flatMap { [$0.name] + $0.aliases }
    return switch type {
    case .boolean: ["type": "boolean"]
    case .number(let minimum): ["type": "number", "minimum": .number(minimum)]
    case .choice(let words): ["type": "string", "enum": strings(words)]
    case .integer(let range):
      ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .stages(let range):
      [
        "oneOf": [
          .object(schema(.integer(range))),
          ["type": "array", "items": .object(schema(.integer(range))), "minItems": 2, "maxItems": 8],
        ]
      ]
    case .integerChoice(let choices): ["enum": .array(JSONArray(choices.map(JSONValue.integer)))]
    case .interval:
      [
        "type": "array", "items": ["type": "number", "minimum": -1000, "maximum": 1000], "minItems": 2,
        "maxItems": 2,
      ]
    case .degrees:
      [
        "type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 8], "minItems": 2,
        "maxItems": 2,
      ]
    case .function(let parametricOnly):
      ["type": "string", "enum": strings(parametricOnly ? parametric : names)]
    case .functionOrNone: ["type": "string", "enum": strings(["none"] + names)]
    case .functions:
      ["type": "array", "items": ["type": "string", "enum": strings(names)], "minItems": 2, "maxItems": 16]
    case .numbers: ["type": "array", "items": ["type": "number", "minimum": 0]]
    case .widths:
      [
        "type": "array", "items": ["type": "integer", "minimum": 1, "maximum": 64], "minItems": 1,
        "maxItems": 3,
      ]
    case .names: ["type": "array", "items": ["type": "string"]]
    case .values: ["type": "object", "additionalProperties": ["type": "number"]]
    case .arrays:
      ["type": "object", "additionalProperties": ["type": "array", "items": ["type": "number"]]]
    case .formula: ["type": "string"]
    case .parameters:
      [
        "type": "object",
        "additionalProperties": [
          "type": "object",
          "properties": [
            "initial": ["type": "number"], "constraint": ["enum": ["none", "positive", "unit"]],
          ],
          "required": ["initial"], "additionalProperties": false,
        ],
      ]
    }
  }

  private static func strings(_ words: [String]) -> JSONValue {
    .array(JSONArray(words.map(JSONValue.string)))
  }
}
