// A small picture of one function and its derivative, for documentation: kinks stay sharp, jumps stay open.

/// A sampled function and its derivative, drawn by ``svg()`` in 320 × 200 pixels.
///
/// Samples ascend in x. At every break (a jump of the function or of its derivative) they should have a point just before,
/// one at it and one just after: a series that jumps there is drawn with a gap and end dots, filled at the value that
/// the function takes and hollow at the other, and one that does not is drawn through.
public struct FunctionPicture: Sendable, Equatable {
  /// The function's name.
  public var name: String
  /// Where the curve is sampled, in rising order.
  public var x: [Double]
  /// The values at `x`.
  public var y: [Double]
  /// The slopes at `x`.
  public var derivative: [Double]
  /// Where the function or its derivative jumps, ascending.
  public var breaks: [Double]

  /// In pixels.
  public static let width = 320.0
  /// In pixels.
  public static let height = 200.0

  /// A picture of one curve; at `breaks` it is not joined.
  public init(name: String, x: [Double], y: [Double], derivative: [Double], breaks: [Double] = []) {
    self.name = name
    self.x = x
    self.y = y
    self.derivative = derivative
    self.breaks = breaks
  }

  /// A self-contained SVG 1.1 document in the style of ``ActivationPlot/svg()``; the same picture gives the same bytes.
  /// - Complexity: O(n log n) in the number of samples.
  public func svg() -> String {
    var svg = SVGWriter(
      width: Self.width, height: Self.height, title: name,
      description: "The function \(name) and its derivative (dashed)\(rangeText).")
    let range = ValueRange(spanning: x)
    let vertical = Axis(valueRange, ticks: 4.5)
    let horizontal = Axis.horizontal(range, length: Self.width - 60, spacing: 44)
    let labelWidth = vertical.ticks.map { TextFit.width($0.label, .sans, size: 11) }.max() ?? 0
    let xScale = LinearScale(range: range, start: 14 + max(16, labelWidth), end: Self.width - 14)
    let yScale = LinearScale(range: vertical.range, start: Self.height - 26, end: 36)

    drawHead(into: &svg)
    var grid = ""
    for tick in vertical.ticks {
      grid += "M\(SVGNumber(xScale.start)) \(SVGNumber(yScale(tick.value)))H\(SVGNumber(xScale.end))"
      svg.label(tick.label, x: xScale.start - 6, y: yScale(tick.value) + 4, "tick", anchor: .end)
    }
    for tick in horizontal.ticks {
      grid += "M\(SVGNumber(xScale(tick.value))) \(SVGNumber(yScale.start))V\(SVGNumber(yScale.end))"
      svg.label(tick.label, x: xScale(tick.value), y: yScale.start + 16, "tick", anchor: .middle)
    }
    svg.path("grid", grid)
    if (vertical.range.low...vertical.range.high).contains(0) {
      svg.line("zero", x1: xScale.start, y1: yScale(0), x2: xScale.end, y2: yScale(0))
    }
    if (range.low...range.high).contains(0) {
      svg.line("zero", x1: xScale(0), y1: yScale.start, x2: xScale(0), y2: yScale.end)
    }
    drawCurves(xScale, yScale, into: &svg)
    return svg.finished()
  }

  /// Covers the function, and its derivative as far as that leaves the function a seventh of the height.
  private var valueRange: ValueRange {
    let range = ValueRange(covering: y)
    let (low, high) = (range.low - 2.5 * range.span, range.high + 2.5 * range.span)
    return ValueRange(covering: y + derivative.filter { !$0.isNaN }.map { min(max($0, low), high) })
  }

  private var rangeText: String {
    guard let low = x.first, let high = x.last else { return "" }
    return " from \(NumberText.significant(low)) to \(NumberText.significant(high))"
  }

  private func drawHead(into svg: inout SVGWriter) {
    let right = Self.width - 14
    // A long name is set smaller before it is cut.
    let room = right - 14 - 82
    let isLong = TextFit.width(name, .bold, size: 14) > room
    let title = TextFit.lines(name, .bold, size: isLong ? 12 : 14, width: room, maximumLines: 1)
    svg.label(
      title.lines.first ?? "", x: 14, y: 22, isLong ? "name small" : "name", full: title.isCut ? name : nil)
    svg.line("trained", x1: right - 76, y1: 18, x2: right - 58, y2: 18)
    svg.label("f", x: right - 53, y: 22, "symbol")
    svg.line("derivative thin", x1: right - 35, y1: 18, x2: right - 14, y2: 18)
    svg.label("f′", x: right, y: 22, "symbol slope", anchor: .end)
  }

  /// Both series, then their end dots, so that no line hides a dot.
  private func drawCurves(_ xScale: LinearScale, _ yScale: LinearScale, into svg: inout SVGWriter) {
    let visible = yScale.range.low...yScale.range.high
    let series = [(values: y, style: "trained", dash: ""), (derivative, "derivative", " thin")].map {
      (values: $0, style: $1, dash: $2, gaps: breaks(of: $0, yScale))
    }
    for (values, style, dash, gaps) in series {
      // The value at a jump belongs to neither side's line; its dot shows it.
      let own = Set(gaps.map(\.x))
      let shown = zip(x, values).map { own.contains($0) ? Double.nan : $1 }
      let curve = Curve(x: x, y: shown, breaks: gaps.map(\.x), xScale: xScale, yScale: yScale)
        .clipped(y: yScale.end...yScale.start)
        .simplified(tolerance: 0.15)
        .thinned(to: 1200)
      svg.curve(style + dash, curve)
    }
    for (_, style, _, gaps) in series {
      for gap in gaps {
        for dot in gap.dots where visible.contains(dot.y) {
          svg.leaf(
            "circle",
            [
              "class": "\(style) \(dot.isFilled ? "dot" : "ring")", "cx": "\(SVGNumber(xScale(gap.x)))",
              "cy": "\(SVGNumber(yScale(dot.y)))", "r": "2.4",
            ])
        }
      }
    }
  }

  private func breaks(of values: [Double], _ scale: LinearScale) -> [Gap] {
    breaks.compactMap { Gap(at: $0, x: x, y: values, scale: scale) }
  }
}

/// A jump of a series: its ends on either side, and the value at it.
private struct Gap {
  var x: Double
  var dots: [(y: Double, isFilled: Bool)]

  /// Nil if there is no jump that can be seen.
  init?(at position: Double, x: [Double], y: [Double], scale: LinearScale) {
    let samples = Array(zip(x, y))
    guard let before = samples.last(where: { $0.0 < position })?.1,
      let after = samples.first(where: { $0.0 > position })?.1, before.isFinite, after.isFinite,
      (scale(before) - scale(after)).magnitude > 1.5
    else { return nil }
    self.x = position
    let own = samples.first { $0.0 == position }?.1
    func meets(_ end: Double) -> Bool { own.map { (scale($0) - scale(end)).magnitude < 1 } ?? false }
    dots = [(before, meets(before)), (after, meets(after))]
    if let own, own.isFinite, !meets(before), !meets(after) { dots.append((own, true)) }
  }
}
