// The legend of an activation plot: only what some panel draws, in lines that fit the width.

struct Legend {
  private struct Entry {
    var text: String
    var style: String
    var x = 0.0
    var row = 0
  }

  private static let rowHeight = 19.0
  private static let sample = 26.0
  private var entries: [Entry] = []

  var height: Double { Double((entries.last?.row ?? 0) + 1) * Self.rowHeight }

  init(_ panels: [PanelDrawing], width: Double) {
    let hasUnits = panels.contains(where: \.hasUnits)
    var items: [(String, String)] = []
    if panels.contains(where: \.hasInitial) { items.append(("initial", "initial")) }
    items.append((hasUnits ? "trained (mean over units)" : "trained", "trained"))
    if hasUnits { items.append(("single units", "units")) }
    if panels.contains(where: \.hasDerivative) { items.append(("derivative", "derivative")) }
    if panels.contains(where: \.hasInputs) { items.append(("inputs of the layer", "inputs")) }
    if panels.contains(where: \.goesBeyond) { items.append(("beyond the inputs seen", "trained beyond")) }
    var (x, row) = (0.0, 0)
    for (text, style) in items {
      let advance = Self.sample + 8 + TextFit.width(text, .sans, size: 12) + 12
      if x > 0, x + advance > width { (x, row) = (0, row + 1) }
      entries.append(Entry(text: text, style: style, x: x, row: row))
      x += advance
    }
  }

  func draw(into svg: inout SVGWriter, x: Double, y: Double) {
    svg.begin("g", ["class": "legend"])
    for entry in entries {
      let left = x + entry.x
      let middle = y + Double(entry.row) * Self.rowHeight + Self.rowHeight / 2
      switch entry.style {
      case "inputs":
        svg.path("inputs", "M\(SVGNumber(left)) \(SVGNumber(middle + 5))v-6h8v-5h9v3h9v8z")
      case "units":
        svg.begin("g", ["class": "units"])
        for offset in [-3.0, 0, 3] {
          svg.path(nil, "M\(SVGNumber(left)) \(SVGNumber(middle + offset))h\(SVGNumber(Self.sample))")
        }
        svg.end()
      default:
        svg.line(entry.style, x1: left, y1: middle, x2: left + Self.sample, y2: middle)
      }
      svg.label(entry.text, x: left + Self.sample + 8, y: middle + 4, "key")
    }
    svg.end()
  }
}
