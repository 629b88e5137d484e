// The trained activations as a document: parameters before and after, what each layer read, and its curve.

import Activations
import Engine
public import JSON

extension TrainedModel {
  /// The members `epoch`, `strategy` and `layers` of the trained activations.
  ///
  /// A layer whose units have their own parameters lists them as arrays by unit, and its curve is the mean over the
  /// units, so that the document's size does not grow with points times units. For a random activation the initial
  /// curve is Σ pₖ fₖ, and the trained one what a single-pass prediction uses: the chosen candidate for `finalize` and
  /// `best`, else again Σ pₖ fₖ. For a hypernetwork the curve has the parameters that it generates for typical data.
  ///
  /// - Complexity: O(points · units) per layer.
  public func activationsDocument(from: Double, to: Double, points: Int) -> JSONValue {
    let assembly = assembly
    let engine = makeModel()
    let initial = ActivationSnapshot(engine)
    engine.restore(state)
    let trained = ActivationSnapshot(engine)
    let x = SampledCurve.grid(from: from, to: to, points: points)
    let layers = assembly.sites.enumerated().map { index, site in
      layer(site, at: index, before: initial, after: trained, x: x)
    }
    return [
      "epoch": .integer(epoch), "strategy": .string(strategyName), "layers": .array(JSONArray(layers)),
    ]
  }

  private func layer(
    _ site: ModelAssembly.ActivationSite, at index: Int, before: ActivationSnapshot,
    after: ActivationSnapshot,
    x: [Double]
  ) -> JSONValue {
    let view = after.layers[index]
    let specification = view.specification
    var object: JSONObject = [
      "name": .string(site.name), "layer": .integer(site.layer), "units": .integer(site.units),
      "strategy": .string(specification.strategyName),
      "function": specification.functionName.map(JSONValue.string) ?? .null,
      "formula": .string(specification.formula), "granularity": .string(specification.granularity.rawValue),
    ]
    let curves: (initial: SampledCurve, trained: SampledCurve)
    switch specification.kind {
    case .single(let function):
      object["parameters"] = ParameterDocument.single(specification.strategyName, view.parameters)
      let trainable = view.parameters.filter(\.isTrainable)
      curves = (
        SampledCurve(function, x: x, values: trainable.map(\.initial)),
        SampledCurve(function, x: x, values: trainable.map(\.current))
      )
    case .generated(let hypernetwork):
      object["parameters"] = ParameterDocument.blocks(view.blocks, before.values, after.values)
      let generated = view.parameters.map { view in
        (view.name, ParameterDocument.pair(before.typical(view.name, layer: index), view.current))
      }
      object["generated"] = .object(JSONObject(generated))
      let trainable = view.parameters.filter(\.isTrainable)
      curves = (
        SampledCurve(
          hypernetwork.target, x: x, values: trainable.map { before.typical($0.name, layer: index) }),
        SampledCurve(hypernetwork.target, x: x, values: trainable.map(\.current))
      )
    case .random(let choice):
      object["parameters"] = [:]
      object["candidates"] = .array(JSONArray(candidates[index].map(\.document)))
      let chosen =
        switch choice.inference {
        case .average, .expected: choice.expected
        case .finalize: choice.candidates[choice.mostProbable]
        case .best: choice.candidates[state.selected[view.activation] ?? choice.mostProbable]
        }
      curves = (SampledCurve(choice.expected, x: x, values: []), SampledCurve(chosen, x: x, values: []))
    }
    object["input"] = inputStatistics[index].document
    object["curve"] = [
      "x": .array(JSONArray(numbers: x)), "initial": Self.floats(curves.initial.y),
      "trained": Self.floats(curves.trained.y), "derivative": Self.floats(curves.trained.derivative),
    ]
    return .object(object)
  }

  private static func floats(_ values: [Double]) -> JSONValue {
    .array(JSONArray(floats: values.map { Float($0) }))
  }
}

/// The activation layers of a model at one moment, with a copy of its parameters.
private struct ActivationSnapshot {
  let layers: [ActivationLayerView]
  let values: [Float]

  init(_ model: Model) {
    layers = model.activationLayers
    values = Array(model.parameters)
  }

  func typical(_ name: String, layer: Int) -> [Float] {
    layers[layer].parameters.first { $0.name == name }?.current ?? []
  }
}

/// `{"initial": …, "trained": …}` by name.
private enum ParameterDocument {
  /// One number, or an array by unit.
  static func pair(_ initial: [Float], _ trained: [Float]) -> JSONValue {
    func value(_ values: [Float]) -> JSONValue {
      values.count == 1 ? .float(values[0]) : .array(JSONArray(floats: values))
    }
    return ["initial": value(initial), "trained": value(trained)]
  }

  /// A function's parameters by name; a blend's weights by function; a small network's arrays by name.
  static func single(_ strategy: String, _ views: [ActivationParameterView]) -> JSONValue {
    switch strategy {
    case "network": network(views)
    case "blend":
      .object(
        JSONObject(
          views.map { view in
            (
              view.name.hasPrefix("w_") ? String(view.name.dropFirst(2)) : view.name,
              pair(view.initial, view.current)
            )
          }))
    default: .object(JSONObject(views.map { ($0.name, pair($0.initial, $0.current)) }))
    }
  }

  /// `w_1`, `w_2`, … become one array `w`, in their order; where units differ, an array of such arrays by unit.
  private static func network(_ views: [ActivationParameterView]) -> JSONValue {
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
            return (group.name, pair(group.views[0].initial, group.views[0].current))
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
  static func blocks(_ blocks: [ParameterBlock], _ before: [Float], _ after: [Float]) -> JSONValue {
    .object(
      JSONObject(
        blocks.map { block in
          let parts = block.name.split(separator: ".").drop { $0 != "generator" }
          return (
            parts.joined(separator: "."),
            [
              "shape": .array(JSONArray(numbers: block.shape.map(Double.init))),
              "initial": .array(JSONArray(floats: Array(before[block.range]))),
              "trained": .array(JSONArray(floats: Array(after[block.range]))),
            ]
          )
        }))
  }
}
