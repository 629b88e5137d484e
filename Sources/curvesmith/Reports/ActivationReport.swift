// The learned activations of a job as text: parameters beside their initial values, and each curve before and after.

package import JSON

/// An activations document (`GET /v1/jobs/{id}/activations`) as text for a terminal.
package struct ActivationReport {
  /// The report, ended by a newline.
  package let text: String

  /// Nil when the document holds no activation layers.
  ///
  /// - Parameter style: how curves are drawn; nil draws none.
  package init?(_ document: JSONValue, style: PlotStyle? = PlotStyle()) {
    guard let layers = document["layers"]?.arrayValue, document["id"] == nil else { return nil }
    text = layers.map { Self.describe($0, style) }.joined(separator: "\n")
  }

  private static func describe(_ layer: JSONValue, _ style: PlotStyle?) -> String {
    let name = layer["name"]?.stringValue ?? "activation"
    let formula = layer["formula"]?.stringValue ?? ""
    var lines = ["\(name)   \(shortened(formula))"]
    for (parameter, values) in layer["parameters"]?.objectValue?.pairs ?? [] {
      lines += describe(parameter: parameter, values)
    }
    for candidate in layer["candidates"]?.arrayValue ?? [] {
      lines.append(describe(candidate: candidate))
    }
    if let style, let curve = layer["curve"], let x = curve["x"]?.arrayValue?.numbers,
      let initial = curve["initial"]?.arrayValue?.numbers,
      let trained = curve["trained"]?.arrayValue?.numbers,
      // A function that training left as it was says nothing that its formula does not.
      initial != trained,
      let plot = CurvePlot(x: x, initial: initial, trained: trained, style: style)
    {
      lines.append(plot.text)
    }
    if let nearest = layer["nearest"]?.arrayValue?.first?["statement"]?.stringValue {
      lines.append("  the trained curve: \(nearest)")
    }
    lines += (layer["notes"]?.arrayValue ?? []).compactMap(\.stringValue).map { "  note: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func describe(parameter: String, _ values: JSONValue) -> [String] {
    guard let initial = values["initial"], let trained = values["trained"] else { return [] }
    if let before = initial.doubleValue, let after = trained.doubleValue {
      return [line(parameter, before, after)]
    }
    guard let before = initial.arrayValue?.numbers, let after = trained.arrayValue?.numbers,
      before.count == after.count, !after.isEmpty
    else { return [] }
    let shown = 4
    let rows = zip(before, after).prefix(shown).enumerated().map { index, pair in
      line("\(parameter)[\(index)]", pair.0, pair.1)
    }
    return rows + (after.count > shown ? ["  … and \(after.count - shown) more \(parameter)"] : [])
  }

  private static func line(_ name: String, _ before: Double, _ after: Double) -> String {
    let from = fixed(before, decimals: 4).paddedLeft(to: 9)
    let to = fixed(after, decimals: 4).paddedLeft(to: 9)
    return "  \(name.padded(to: 8)) initial \(from)   trained \(to)"
  }

  private static func describe(candidate: JSONValue) -> String {
    let name = candidate["function"]?.stringValue ?? ""
    let probability = candidate["probability"]?.doubleValue ?? .nan
    let draws = candidate["draws"]?.intValue ?? 0
    return "  \(name.padded(to: 12)) probability \(fixed(probability, decimals: 3))   drawn \(draws) times"
  }

  private static func shortened(_ formula: String) -> String {
    formula.count <= 90 ? formula : formula.prefix(87) + "…"
  }
}
