// One panel of an activation plot: head, curves over the shaded histogram, the strip of the derivative, notes.

/// The size of a panel's parts in pixels.
struct PanelSize {
  var width: Double
  var plot: Double
  var strip: Double
}

/// A panel with everything that does not depend on its neighbours worked out.
struct PanelDrawing {
  private static let lineHeight = 15.0
  private static let nameHeight = 21.0
  /// Between the head and the plot, and between the plot and the strip: room for the axes' names.
  private static let gap = 24.0

  private let panel: ActivationPlot.Panel
  private let size: PanelSize
  private let bundle: UnitBundle
  private let domain: ValueRange
  private let horizontal: Axis
  private let vertical: Axis
  private let slope: Axis
  private let formula: (lines: [String], isCut: Bool)
  private let caption: [String]
  private let notes: [String]
  /// How many panels share the document's size.
  private let share: Int

  init(_ panel: ActivationPlot.Panel, size: PanelSize, share: Int) {
    self.panel = panel
    self.size = size
    self.share = share
    bundle = UnitBundle(panel.trained, points: panel.x.count, maximum: max(16, min(64, 640 / max(1, share))))
    domain = ValueRange(spanning: panel.x)
    horizontal = .horizontal(domain, length: size.width - 60, spacing: 56)
    vertical = Axis(
      ValueRange(covering: panel.initial + bundle.mean + bundle.units.flatMap(\.self)), ticks: size.plot / 40)
    slope = Axis(ValueRange(covering: panel.derivative), ticks: size.strip / 26)
    formula = TextFit.lines(panel.formula, .mono, size: 11, width: size.width, maximumLines: 2)
    caption = panel.caption.prefix(4).flatMap {
      TextFit.lines($0, .sans, size: 11, width: size.width, maximumLines: 2).lines
    }
    var notes = panel.notes
    if bundle.units.count < bundle.total {
      notes.append("\(bundle.units.count) of \(bundle.total) units are drawn.")
    }
    if vertical.range.isClipped || slope.range.isClipped { notes.append("Values far outside are cut off.") }
    self.notes = notes.flatMap {
      TextFit.lines($0, .sans, size: 11, width: size.width, maximumLines: 3).lines
    }
  }

  var hasInitial: Bool { !panel.initial.isEmpty }
  var hasUnits: Bool { !bundle.units.isEmpty }
  var hasDerivative: Bool { !panel.derivative.isEmpty }
  var hasInputs: Bool { panel.inputs != nil }
  /// Whether some of the range was never seen.
  var goesBeyond: Bool { seen.map { $0.lowerBound > domain.low || $0.upperBound < domain.high } ?? false }

  private var seen: ClosedRange<Double>? { panel.inputs?.seen }

  /// What the y axes' labels need at the left.
  var labelWidth: Double {
    let labels = (vertical.ticks + (hasDerivative ? slope.ticks : [])).map(\.label)
    return 8 + (labels.map { TextFit.width($0, .sans, size: 11) }.max() ?? 0)
  }

  var headHeight: Double {
    Self.nameHeight + Double(formula.lines.count + caption.count) * Self.lineHeight + Self.gap
  }

  var bodyHeight: Double {
    let strip = hasDerivative ? Self.gap + size.strip : 0
    return size.plot + strip + 20 + (notes.isEmpty ? 0 : 6 + Double(notes.count) * Self.lineHeight)
  }

  func draw(into svg: inout SVGWriter, head: Double, labelWidth: Double) {
    drawHead(into: &svg)
    let x = LinearScale(range: domain, start: labelWidth, end: size.width - 2)
    let y = LinearScale(range: vertical.range, start: head + size.plot, end: head)
    drawGrid(vertical, x: x, y: y, name: "f(x)", style: "symbol", into: &svg)
    if let inputs = panel.inputs { drawInputs(inputs, x: x, y: y, into: &svg) }
    drawZeros(x: x, y: y, into: &svg)
    drawUnits(x: x, y: y, into: &svg)
    draw(bundle.mean, "trained", x: x, y: y, into: &svg)
    // Last, so that it shows where training changed nothing.
    svg.curve("initial", curve(panel.initial, x: x, y: y))

    var bottom = head + size.plot
    if hasDerivative {
      bottom += Self.gap + size.strip
      let y = LinearScale(range: slope.range, start: bottom, end: bottom - size.strip)
      drawGrid(slope, x: x, y: y, name: "f′(x)", style: "symbol slope", into: &svg)
      drawZeros(x: x, y: y, into: &svg)
      draw(panel.derivative, "derivative", kinks: panel.kinks, x: x, y: y, into: &svg)
    }
    for tick in horizontal.ticks {
      svg.label(tick.label, x: x(tick.value), y: bottom + 15, "tick", anchor: .middle)
    }
    for (index, note) in notes.enumerated() {
      svg.label(note, x: 0, y: bottom + 20 + 6 + Double(index + 1) * Self.lineHeight - 4, "caption")
    }
  }

  private func drawHead(into svg: inout SVGWriter) {
    let title = TextFit.lines(panel.title, .bold, size: 14, width: size.width, maximumLines: 1)
    svg.label(
      title.lines.first ?? "", x: 0, y: 13, "name", full: title.isCut ? panel.title : nil)
    var y = Self.nameHeight + 11
    let full = formula.isCut ? String(panel.formula.prefix(1000)) : nil
    for (index, line) in formula.lines.enumerated() {
      svg.label(line, x: 0, y: y, "formula", full: index == 0 ? full : nil)
      y += Self.lineHeight
    }
    for line in caption {
      svg.label(line, x: 0, y: y, "caption")
      y += Self.lineHeight
    }
  }

  private func drawGrid(
    _ axis: Axis, x: LinearScale, y: LinearScale, name: String, style: String, into svg: inout SVGWriter
  ) {
    var grid = ""
    for tick in axis.ticks {
      grid += "M\(SVGNumber(x.start)) \(SVGNumber(y(tick.value)))H\(SVGNumber(x.end))"
      svg.label(tick.label, x: x.start - 6, y: y(tick.value) + 4, "tick", anchor: .end)
    }
    for tick in horizontal.ticks {
      grid += "M\(SVGNumber(x(tick.value))) \(SVGNumber(y.start))V\(SVGNumber(y.end))"
    }
    svg.path("grid", grid)
    svg.label(name, x: x.start, y: y.end - 8, style)
    if let seen, name == "f(x)" {
      let text =
        "inputs \(NumberText.significant(seen.lowerBound)) … \(NumberText.significant(seen.upperBound))"
      svg.label(text, x: x.end, y: y.end - 8, "caption", anchor: .end)
    }
  }

  private func drawZeros(x: LinearScale, y: LinearScale, into svg: inout SVGWriter) {
    if (y.range.low...y.range.high).contains(0) {
      svg.line("zero", x1: x.start, y1: y(0), x2: x.end, y2: y(0))
    }
    if (x.range.low...x.range.high).contains(0) {
      svg.line("zero", x1: x(0), y1: y.start, x2: x(0), y2: y.end)
    }
  }

  /// Steps at the bottom of the plot, the highest of those in range a quarter of its height.
  private func drawInputs(
    _ inputs: ActivationPlot.Histogram, x: LinearScale, y: LinearScale, into svg: inout SVGWriter
  ) {
    // Counts of narrow and wide bins compare as densities.
    let bins = inputs.counts.indices.compactMap { bin -> (low: Double, high: Double, density: Double)? in
      let (low, high) = (inputs.edges[bin], inputs.edges[bin + 1])
      guard high > domain.low, low < domain.high else { return nil }
      return (max(low, domain.low), min(high, domain.high), inputs.counts[bin] / (high - low))
    }
    guard let peak = bins.map(\.density).max(), peak > 0, let first = bins.first else { return }
    let base = SVGNumber(y.start)
    var data = "M\(SVGNumber(x(first.low))) \(base)"
    for bin in bins {
      // A spike narrower than a pixel would vanish.
      let width = max(x(bin.high), x(bin.low) + (bin.density > 0 ? 1 : 0))
      data +=
        "V\(SVGNumber(y.start - 0.26 * (y.start - y.end) * bin.density / peak))H\(SVGNumber(min(width, x.end)))"
    }
    svg.path("inputs", data + "V\(base)Z")
  }

  private func drawUnits(x: LinearScale, y: LinearScale, into svg: inout SVGWriter) {
    guard hasUnits else { return }
    // The whole document's units share about 16 000 points, some 140 kB.
    let budget = 16_000 / max(1, share)
    var curves = bundle.units.map { curve($0, x: x, y: y, tolerance: 0.4) }
    if curves.reduce(0, { $0 + $1.pointCount }) > budget {
      curves = curves.map { $0.thinned(to: max(24, budget / curves.count)) }
    }
    svg.begin("g", ["class": "units"])
    for curve in curves { svg.path(nil, curve.pathData) }
    svg.end()
  }

  /// A curve, dotted outside the range that was seen.
  private func draw(
    _ values: [Double], _ style: String, kinks: [Double] = [], x: LinearScale, y: LinearScale,
    into svg: inout SVGWriter
  ) {
    let curve = curve(values, kinks: kinks, x: x, y: y)
    guard let seen else {
      svg.curve(style, curve)
      return
    }
    let low = min(max(x(seen.lowerBound), x.start), x.end)
    let high = min(max(x(seen.upperBound), x.start), x.end)
    if low > x.start { svg.curve("\(style) beyond", curve.clipped(x: x.start...low)) }
    if high < x.end { svg.curve("\(style) beyond", curve.clipped(x: high...x.end)) }
    if high > low { svg.curve(style, curve.clipped(x: low...high)) }
  }

  private func curve(
    _ values: [Double], kinks: [Double] = [], x: LinearScale, y: LinearScale, tolerance: Double = 0.2
  ) -> Curve {
    Curve(x: panel.x, y: values, breaks: panel.jumps + kinks, xScale: x, yScale: y)
      .clipped(y: y.end...y.start)
      .simplified(tolerance: tolerance)
      .thinned(to: max(320, min(1200, 5600 / max(1, share))))
  }
}

/// The curves of a layer's units: their mean, and those that are drawn.
struct UnitBundle {
  /// Pointwise over the units that are finite there; a single curve is its own mean.
  let mean: [Double]
  /// None if there is only one; at most `maximum`, evenly taken from all when ordered by their mean height.
  let units: [[Double]]
  /// How many units there are.
  let total: Int

  init(_ curves: [[Double]], points: Int, maximum: Int) {
    guard curves.count > 1 else {
      (mean, units, total) = (curves.first ?? [], [], 0)
      return
    }
    total = curves.count
    mean = (0..<points).map { point in
      Self.mean(curves.lazy.filter { point < $0.count }.map { $0[point] })
    }
    guard curves.count > maximum else {
      units = curves
      return
    }
    let heights = curves.map { Self.mean($0) }.map { $0.isFinite ? $0 : .infinity }
    let order = curves.indices.sorted { (heights[$0], $0) < (heights[$1], $1) }
    units = (0..<maximum).map { curves[order[$0 * (curves.count - 1) / (maximum - 1)]] }
  }

  private static func mean(_ values: some Sequence<Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for value in values where value.magnitude <= ValueRange.largest {
      (sum, count) = (sum + value, count + 1)
    }
    return count == 0 ? .nan : sum / count
  }
}
