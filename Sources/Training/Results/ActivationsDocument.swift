// The trained activations as a document: parameters before and after, what each layer read, and its curve.

import Activations
import Engine
public import JSON

/// What of a layer the document has, beside its name and kind.
public enum ActivationsPart: String, Sendable, CaseIterable {
  /// `parameters`, and `candidates` or `generated` where the strategy has them.
  case parameters
  /// What the layer read in training.
  case input
  case curve
  /// The functions without parameters that the curve resembles.
  case nearest
}

extension TrainedModel {
  /// At most this many numbers of unit curves are written out for a layer.
  private static let maximumUnitNumbers = 16_384

  /// The members `epoch`, `strategy` and `layers` of the trained activations.
  ///
  /// A layer whose units have their own parameters lists them as arrays by unit. Its curve is the mean over the units;
  /// the units' own curves follow in `units` where they are not more than ``maximumUnitNumbers`` numbers, or `unit`
  /// chooses one of them.
  ///
  /// - Parameters:
  ///   - unit: whose curve is given in place of the mean, in layers that have as many units.
  ///   - parts: which members of a layer are given, beside those that name and describe it.
  /// - Complexity: O(points · units) per layer; some tens of milliseconds a layer the first time that it is asked what the
  ///   layer resembles.
  public func activationsDocument(
    _ sampling: CurveSampling, unit: Int? = nil, parts: Set<ActivationsPart> = Set(ActivationsPart.allCases)
  ) -> JSONValue {
    let snapshots = snapshots
    let layers = assembly.sites.enumerated().map { index, site in
      layer(site, at: index, snapshots, sampling, unit: unit, parts)
    }
    return [
      "epoch": .integer(epoch), "strategy": .string(strategyName), "layers": .array(JSONArray(layers)),
    ]
  }

  private func layer(
    _ site: ModelAssembly.ActivationSite, at index: Int, _ snapshots: ActivationFindings.Snapshots,
    _ sampling: CurveSampling, unit: Int?, _ parts: Set<ActivationsPart>
  ) -> JSONValue {
    let (before, after) = (snapshots.before, snapshots.after)
    let view = after.layers[index]
    let specification = view.specification
    var object: JSONObject = [
      "name": .string(site.name), "layer": .integer(site.layer), "units": .integer(site.units),
      "strategy": .string(specification.strategyName),
      "function": specification.functionName.map(JSONValue.string) ?? .null,
      "formula": .string(specification.formula), "granularity": .string(specification.granularity.rawValue),
    ]
    if parts.contains(.parameters) { addParameters(of: index, before: before, after: after, to: &object) }
    if parts.contains(.input) { object["input"] = inputStatistics[index].document }
    if parts.contains(.curve) {
      let x = sampling.grid(inputStatistics[index])
      let curves = curves(of: index, before: before, after: after, x: x)
      object["curve"] = Self.curve(x, curves.initial, curves.trained, unit: unit)
    }
    if parts.contains(.nearest) {
      object["nearest"] = .array(
        JSONArray(nearest(to: index, before: before, after: after).map(\.document)))
    }
    object["notes"] = .array(JSONArray(notes(of: view).map(JSONValue.string)))
    return .object(object)
  }

  private func addParameters(
    of index: Int, before: ActivationSnapshot, after: ActivationSnapshot, to object: inout JSONObject
  ) {
    let view = after.layers[index]
    switch view.specification.kind {
    case .single, .mixture:
      object["parameters"] = ParameterDocument.single(view.specification.presentation, view.parameters)
    case .generated:
      object["parameters"] = ParameterDocument.blocks(view.blocks, before, after)
      let generated = view.parameters.map { view in
        (view.name, ParameterDocument.pair(before.typical(view.name, layer: index), view.current))
      }
      object["generated"] = .object(JSONObject(generated))
    case .random:
      object["parameters"] = [:]
      object["candidates"] = .array(JSONArray(candidates[index].map(\.document)))
    }
  }

  private static func curve(
    _ x: [Double], _ initial: SampledCurve, _ trained: SampledCurve, unit: Int?
  ) -> JSONValue {
    let sets = trained.values.count
    var object: JSONObject = ["x": .array(JSONArray(numbers: x))]
    if let unit, sets > 1, unit < sets {
      object["unit"] = .integer(unit)
      object["initial"] = floats(initial.values[min(unit, initial.values.count - 1)])
      object["trained"] = floats(trained.values[unit])
      object["derivative"] = floats(trained.derivatives[unit])
      return .object(object)
    }
    object["initial"] = floats(initial.meanValue)
    object["trained"] = floats(trained.meanValue)
    object["derivative"] = floats(trained.meanDerivative)
    if sets > 1, 2 * sets * x.count <= maximumUnitNumbers {
      object["units"] = [
        "trained": .array(JSONArray(trained.values.map(floats))),
        "derivative": .array(JSONArray(trained.derivatives.map(floats))),
      ]
    }
    return .object(object)
  }

  private static func floats(_ values: [Double]) -> JSONValue {
    .array(JSONArray(floats: values.map { Float($0) }))
  }
}

/// `{"initial": …, "trained": …}` by name.
private enum ParameterDocument {
  /// A parameter's values, and where a constraint makes them, the free numbers behind them in `raw`.
  static func parameter(_ view: ActivationParameterView) -> JSONValue {
    let values = pair(view.initial, view.current)
    guard let raw = view.raw, var object = values.objectValue else { return values }
    object["raw"] = pair(raw.initial, raw.current)
    return .object(object)
  }

  /// One number, or an array by unit.
  static func pair(_ initial: [Float], _ trained: [Float]) -> JSONValue {
    func value(_ values: [Float]) -> JSONValue {
      values.count == 1 ? .float(values[0]) : .array(JSONArray(floats: values))
    }
    return ["initial": value(initial), "trained": value(trained)]
  }

  /// A function's parameters by name; the weights of a blend or mixture by function; the arrays of a small
  /// network, spline, rational or kernel sum by name.
  static func single(
    _ presentation: ActivationSpecification.Presentation, _ views: [ActivationParameterView]
  ) -> JSONValue {
    switch presentation {
    case .arrays: arrays(views)
    case .weights(let functions):
      .object(JSONObject(zip(functions, views).map { ($0, parameter($1)) }))
    case .named: .object(JSONObject(views.map { ($0.name, parameter($0)) }))
    }
  }

  /// `w_1`, `w_2`, … become one array `w`, in their order; where units differ, an array of such arrays by unit.
  private static func arrays(_ views: [ActivationParameterView]) -> JSONValue {
    var groups: [(name: String, views: [ActivationParameterView])] = []
    for view in views {
      let name = String(view.name.prefix { $0 != "_" })
      if let index = groups.firstIndex(where: { $0.name == name }) {
        groups[index].views.append(view)
      } else {
        groups.append((name, [view]))
      }
    }
    return .object(
      JSONObject(
        groups.map { group in
          if group.views.count == 1, !group.views[0].name.contains("_") {
            return (group.name, parameter(group.views[0]))
          }
          return (
            group.name,
            ["initial": array(group.views.map(\.initial)), "trained": array(group.views.map(\.current))]
          )
        }))
  }

  /// - Parameter values: `[element][unit]`.
  private static func array(_ values: [[Float]]) -> JSONValue {
    let units = values[0].count
    if units == 1 { return .array(JSONArray(floats: values.map { $0[0] })) }
    return .array(JSONArray((0..<units).map { unit in .array(JSONArray(floats: values.map { $0[unit] })) }))
  }

  /// A hypernetwork's weights and biases, row-major, with their shapes.
  static func blocks(
    _ blocks: [ParameterBlock], _ before: ActivationSnapshot, _ after: ActivationSnapshot
  ) -> JSONValue {
    .object(
      JSONObject(
        blocks.map { block in
          let parts = block.name.split(separator: ".").drop { $0 != "generator" }
          return (
            parts.joined(separator: "."),
            [
              "shape": .array(JSONArray(numbers: block.shape.map(Double.init))),
              "initial": .array(JSONArray(floats: before.values(of: block))),
              "trained": .array(JSONArray(floats: after.values(of: block))),
            ]
          )
        }))
  }
}
