// The picture of learned activations: one panel a layer, its curve before and after training, and what it read.

/// Learned activation functions as plain data, drawn by ``svg()``.
///
/// Arrays of one panel run along its `x`; where they are shorter the curve ends. Values that are not finite leave gaps.
public struct ActivationPlot: Sendable, Equatable {
  /// The heading.
  public var title: String
  /// The line below the heading.
  public var subtitle: String
  /// One for each layer, in the model's order.
  public var panels: [Panel]

  /// A drawing of these panels.
  public init(title: String, subtitle: String = "", panels: [Panel]) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
  }

  /// One layer.
  public struct Panel: Sendable, Equatable {
    /// For instance "layers.0.activation".
    public var title: String
    /// The function, in the language of formulas.
    public var formula: String
    /// Facts in a few words each: parameters before and after (``NumberText/change(_:from:to:)``), the nearest function.
    public var caption: [String]
    /// Where the curves are sampled, ascending.
    public var x: [Double]
    /// The curve before training (the mean over the units); empty if it is not known.
    public var initial: [Double]
    /// The curve after training: one, or one for each unit, which are drawn as a bundle with their mean.
    public var trained: [[Double]]
    /// The derivative of the trained curve (of the mean over the units); empty if it is not known.
    public var derivative: [Double]
    /// Where the curves jump, ascending: no line is drawn across.
    public var jumps: [Double]
    /// Where only the derivative jumps, ascending.
    public var kinks: [Double]
    /// What the layer read.
    public var inputs: Histogram?
    /// What a reader must know to read the panel right, in sentences.
    public var notes: [String]

    /// A panel of these curves, all over `x`.
    public init(
      title: String, formula: String, caption: [String] = [], x: [Double], initial: [Double] = [],
      trained: [[Double]], derivative: [Double] = [], jumps: [Double] = [], kinks: [Double] = [],
      inputs: Histogram? = nil,
      notes: [String] = []
    ) {
      self.title = title
      self.formula = formula
      self.caption = caption
      self.x = x
      self.initial = initial
      self.trained = trained
      self.derivative = derivative
      self.jumps = jumps
      self.kinks = kinks
      self.inputs = inputs
      self.notes = notes
    }
  }

  /// Counts between ascending edges; bin k lies between edges k and k + 1.
  public struct Histogram: Sendable, Equatable {
    /// The borders of the bins in rising order, one more than counts.
    public var edges: [Double]
    /// What fell into each bin.
    public var counts: [Double]

    /// Nil unless there is one more edge than counts, all are finite, the edges ascend and something was counted.
    public init?(edges: [Double], counts: [Double]) {
      guard edges.count == counts.count + 1, edges.allSatisfy(\.isFinite),
        counts.allSatisfy({ $0.isFinite && $0 >= 0 }), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }),
        counts.contains(where: { $0 > 0 })
      else { return nil }
      self.edges = edges
      self.counts = counts
    }

    /// From the lower edge of the first bin that is not empty to the upper edge of the last.
    var seen: ClosedRange<Double> {
      let first = counts.firstIndex { $0 > 0 } ?? 0
      let last = counts.lastIndex { $0 > 0 } ?? counts.count - 1
      return edges[first]...edges[last + 1]
    }
  }
}

extension ActivationPlot {
  /// A self-contained SVG 1.1 document: no scripts, fonts or links; light, dark and printed by its own media queries.
  ///
  /// The same plot gives the same bytes. Curves are simplified within a quarter of a pixel, and of many units at most 64 are
  /// drawn (the panel then says so), so that 16 layers of 512 units stay below 400 kB.
  /// - Complexity: O(panels · units · points), with a logarithmic factor for sorting.
  public func svg() -> String {
    let drawings = panels.map { PanelDrawing($0, size: size, share: panels.count) }
    let margin = 26.0
    let gap = (x: 34.0, y: 30.0)
    let columns = min(columns, max(1, panels.count))
    let width = 2 * margin + Double(columns) * size.width + Double(columns - 1) * gap.x
    let headline = TextFit.lines(
      title.isEmpty ? "Activations" : title, .bold, size: 19, width: width - 2 * margin, maximumLines: 2
    ).lines
    let subtitles = TextFit.lines(subtitle, .sans, size: 13, width: width - 2 * margin, maximumLines: 2).lines
    let legend = Legend(drawings, width: width - 2 * margin)

    // Panels of one row share the height of their heads, so that their axes align.
    let rows = stride(from: 0, to: drawings.count, by: columns).map { first in
      let row = drawings[first..<min(first + columns, drawings.count)]
      let head = row.map(\.headHeight).max() ?? 0
      return (panels: row, head: head, height: head + (row.map(\.bodyHeight).max() ?? 0))
    }
    let labelWidth = drawings.map(\.labelWidth).max() ?? 0
    let legendTop = 16 + Double(headline.count) * 24 + Double(subtitles.count) * 18 + 8
    let top = legendTop + legend.height + 14
    let height =
      top + rows.reduce(0) { $0 + $1.height } + gap.y * Double(max(0, rows.count - 1)) + margin - 6

    var svg = SVGWriter(
      width: width, height: height, title: title.isEmpty ? "Activations" : title, description: summary)
    var baseline = 12.0
    for line in headline {
      baseline += 24
      svg.label(line, x: margin, y: baseline, "headline")
    }
    for line in subtitles {
      baseline += 19
      svg.label(line, x: margin, y: baseline, "subtitle")
    }
    legend.draw(into: &svg, x: margin, y: legendTop)
    var y = top
    for row in rows {
      for (column, panel) in row.panels.enumerated() {
        let x = margin + Double(column) * (size.width + gap.x)
        svg.begin("g", ["transform": "translate(\(SVGNumber(x)) \(SVGNumber(y)))"])
        panel.draw(into: &svg, head: row.head, labelWidth: labelWidth)
        svg.end()
      }
      y += row.height + gap.y
    }
    return svg.finished()
  }

  /// One column for one layer, two for two or four, else three.
  private var columns: Int { [1: 1, 2: 2, 4: 2][panels.count] ?? 3 }

  private var size: PanelSize {
    switch columns {
    case 1: PanelSize(width: 660, plot: 270, strip: 78)
    case 2: PanelSize(width: 450, plot: 220, strip: 62)
    default: PanelSize(width: 360, plot: 180, strip: 54)
    }
  }

  /// What the picture shows, in words.
  private var summary: String {
    let shown = panels.prefix(16).map { panel in
      let formula = panel.formula.count > 120 ? panel.formula.prefix(119) + "…" : panel.formula
      return (["\(panel.title): \(formula)"] + panel.caption.prefix(3)).joined(separator: "; ")
    }
    let count = panels.count == 1 ? "1 layer" : "\(panels.count) layers"
    return (["Activation functions of \(count), before and after training"] + shown).joined(separator: ". ")
      + "."
  }
}
