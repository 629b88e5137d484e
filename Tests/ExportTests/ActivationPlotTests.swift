// The plot of learned activations: valid and self-contained, legible whatever the data, honest about gaps and units.

import Export
import Foundation
import Testing

@Suite struct ActivationPlotTests {
  private static let plot = ActivationPlot(
    title: "Two layers", subtitle: "job 1", panels: [Panels.sigmoid, Panels.rectifiers(units: 32)])

  @Test func `a plot is self-contained`() throws {
    let svg = Self.plot.svg()
    let root = try parsed(svg)
    #expect(root.name == "svg" && root.attributes["role"] == "img")
    #expect(
      root.attributes["viewBox"] == "0 0 \(root.attributes["width"] ?? "") \(root.attributes["height"] ?? "")"
    )
    #expect(root.elements("script").isEmpty && root.elements("image").isEmpty)
    let bare = svg.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
    for reference in ["http", "href", "url(", "@import", "@font-face", "javascript"] {
      #expect(!bare.contains(reference), "\(reference)")
    }
    #expect(svg.contains("@media (prefers-color-scheme:dark)") && svg.contains("@media print"))
  }

  @Test func `a plot has an accessible name and description`() throws {
    let root = try parsed(Self.plot.svg())
    let named = (root.attributes["aria-labelledby"] ?? "").split(separator: " ").compactMap { id in
      root.all.first { $0.attributes["id"] == String(id) }?.text
    }
    #expect(named.first == "Two layers")
    let description = try #require(named.last)
    #expect(
      description.contains("2 layers") && description.contains("layers.0.activation: sigmoid(a * x + b)"))
  }

  @Test func `same data give the same bytes`() {
    #expect(Self.plot.svg() == Self.plot.svg())
  }

  @Test func `labels are escaped`() throws {
    let hostile = "<script>alert(\"1\")</script> & '\u{1}\u{FFFE}]]>"
    var panel = Panels.sigmoid
    panel.title = hostile
    panel.caption = [hostile]
    let root = try parsed(ActivationPlot(title: hostile, subtitle: hostile, panels: [panel]).svg())
    #expect(root.elements("script").isEmpty)
    let shown = root.elements("text").map(\.text)
    #expect(shown.filter { $0 == "<script>alert(\"1\")</script> & '\u{FFFD}\u{FFFD}]]>" }.count == 4)
  }

  @Test func `legend names what is drawn and nothing else`() throws {
    func legend(_ panels: [ActivationPlot.Panel]) throws -> [String] {
      let root = try parsed(ActivationPlot(title: "", panels: panels).svg())
      return try #require(root.elements("g", class: "legend").first).elements("text").map(\.text)
    }
    #expect(
      try legend([Panels.sigmoid]) == [
        "initial", "trained", "derivative", "inputs of the layer", "beyond the inputs seen",
      ])
    #expect(
      try legend([Panels.rectifiers(units: 8)]) == [
        "initial", "trained (mean over units)", "single units", "derivative", "inputs of the layer",
        "beyond the inputs seen",
      ])
    #expect(try legend([.init(title: "", formula: "x", x: [0, 1], trained: [[0, 1]])]) == ["trained"])
  }

  @Test func `values that are not finite leave gaps`() throws {
    let y = Panels.x.map { $0.magnitude < 1 ? Double.nan : $0 > 4 ? .infinity : $0 }
    let pieces = try curve("trained", of: .init(title: "", formula: "x", x: Panels.x, trained: [y]))
    #expect(pieces.count == 2)
    let ends = pieces.map { ($0.map(\.x).min() ?? 0, $0.map(\.x).max() ?? 0) }
    #expect(ends[0].1 < ends[1].0)
  }

  /// A sample at the jump belongs to the side whose value it has.
  @Test(arguments: [0.0, 1.0])
  func `jumps are not bridged`(valueAtJump: Double) throws {
    let y = Panels.x.map { $0 < 0 ? 0 : $0 > 0 ? 1 : valueAtJump }
    let pieces = try curve(
      "trained", of: .init(title: "", formula: "x", x: Panels.x, trained: [y], jumps: [0]))
    #expect(pieces.count == 2)
    #expect(pieces.allSatisfy { Set($0.map(\.y)).count == 1 })
  }

  @Test func `kinks cut the derivative only`() throws {
    var panel = Panels.rectifiers(units: 1)
    panel.kinks = [0]
    let slopes = try curve("derivative", of: panel)
    #expect(slopes.count == 2 && slopes.allSatisfy { Set($0.map(\.y)).count == 1 })
    #expect(try curve("trained", of: panel).count == 1)
  }

  /// The simplified line stays within half a pixel of the function.
  @Test func `curves are faithful`() throws {
    let panel = ActivationPlot.Panel(
      title: "", formula: "sin(3 * x)", x: Panels.x, trained: [Panels.x.map { sin(3 * $0) }])
    let piece = try #require(try curve("trained", of: panel).first)
    let (left, right) = (piece[0].x, piece[piece.count - 1].x)
    let (top, bottom) = (piece.map(\.y).min() ?? 0, piece.map(\.y).max() ?? 0)
    for (from, to) in zip(piece, piece.dropFirst()) {
      let middle = (x: (from.x + to.x) / 2, y: (from.y + to.y) / 2)
      let x = -6 + 12 * (middle.x - left) / (right - left)
      let expected = top + (1 - sin(3 * x)) / 2 * (bottom - top)
      #expect(abs(middle.y - expected) < 2.5, "at \(x)")
    }
    #expect(piece.count < Panels.x.count)
  }

  @Test func `outside the inputs seen the curve is dotted`() throws {
    let root = try parsed(ActivationPlot(title: "", panels: [Panels.sigmoid]).svg())
    let trained = root.elements("path", class: "trained").filter {
      $0.parent?.classes.contains("legend") == false
    }
    let beyond = trained.filter { $0.classes.contains("beyond") }.flatMap(\.pieces)
    let seen = trained.filter { !$0.classes.contains("beyond") }.flatMap(\.pieces)
    #expect(beyond.count == 2 && seen.count == 1)
    // −6 … −3 dotted, −3 … 4 solid, 4 … 6 dotted.
    func width(_ piece: [(x: Double, y: Double)]) -> Double { (piece.last?.x ?? 0) - (piece.first?.x ?? 0) }
    let unit = (width(beyond[0]) + width(seen[0]) + width(beyond[1])) / 12
    #expect(abs(width(beyond[0]) / unit - 3) < 0.01)
    #expect(abs(width(seen[0]) / unit - 7) < 0.01)
    #expect(abs(width(beyond[1]) / unit - 2) < 0.01)
  }

  @Test func `many units are a sample that says so`() throws {
    let root = try parsed(ActivationPlot(title: "", panels: [Panels.rectifiers(units: 512)]).svg())
    let bundles = root.elements("g", class: "units").filter { $0.parent?.classes.contains("legend") == false }
    #expect(bundles.flatMap { $0.elements("path") }.count == 64)
    #expect(root.elements("text").contains { $0.text == "64 of 512 units are drawn." })
    // The extremes are among them: the steepest unit ends highest and lowest at the left.
    let starts = bundles.flatMap { $0.elements("path") }.flatMap(\.pieces).map { $0[0].y }
    let all = try curve("trained", of: Panels.rectifiers(units: 512))
    #expect((starts.min() ?? 0) < all[0][0].y && (starts.max() ?? 0) > all[0][0].y)
  }

  /// 16 layers of 512 units, every one of them noise at 2001 points: no curve can be simplified.
  @Test func `a plot stays small`() throws {
    let x = (0...2000).map { -6 + 12 * Double($0) / 2000 }
    var state: UInt64 = 1
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53
    }
    let units = (0..<512).map { _ in x.map { _ in noise() } }
    let panel = ActivationPlot.Panel(
      title: "layer", formula: String(repeating: "x + ", count: 5000), x: x, initial: units[0],
      trained: units,
      derivative: units[1], inputs: Panels.histogram(from: -3, to: 3))
    let svg = ActivationPlot(title: "Noise", panels: Array(repeating: panel, count: 16)).svg()
    #expect(svg.utf8.count < 400_000)
    _ = try parsed(svg)
  }

  @Test(arguments: Panels.degenerate)
  func `degenerate data stay within the picture`(_ panel: ActivationPlot.Panel) throws {
    try expectLegible(ActivationPlot(title: panel.title, panels: [panel]))
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 16])
  func `every grid is legible`(count: Int) throws {
    let panels = (0..<count).map { index in
      var panel = index.isMultiple(of: 2) ? Panels.sigmoid : Panels.rectifiers(units: 8)
      panel.notes =
        index == 1 ? ["A note that tells the reader what to think of this panel, at some length."] : []
      return panel
    }
    try expectLegible(ActivationPlot(title: "Grid", subtitle: "of \(count)", panels: panels))
    try expectLegible(ActivationPlot(title: "Odd ones", panels: Array(Panels.degenerate.prefix(count))))
  }

  @Test func `histograms are checked`() {
    #expect(ActivationPlot.Histogram(edges: [0, 1], counts: [3]) != nil)
    #expect(ActivationPlot.Histogram(edges: [0, 1], counts: [0]) == nil)
    #expect(ActivationPlot.Histogram(edges: [0, 0], counts: [1]) == nil)
    #expect(ActivationPlot.Histogram(edges: [0, 1, 2], counts: [1]) == nil)
    #expect(ActivationPlot.Histogram(edges: [0, .infinity], counts: [1]) == nil)
    #expect(ActivationPlot.Histogram(edges: [], counts: []) == nil)
  }

  /// The pieces of the only panel's curve of a style.
  private func curve(_ style: String, of panel: ActivationPlot.Panel) throws -> [[(x: Double, y: Double)]] {
    var panel = panel
    panel.inputs = nil
    let root = try parsed(ActivationPlot(title: "", panels: [panel]).svg())
    return root.elements("path", class: style).filter { $0.parent?.classes.contains("legend") == false }
      .flatMap(\.pieces)
  }

  /// Every shape and text lies within the picture, no coordinate is missing, and no text covers another.
  private func expectLegible(_ plot: ActivationPlot) throws {
    let root = try parsed(plot.svg())
    let (width, height) = (root.number("width"), root.number("height"))
    for point in root.elements("path").flatMap(\.pieces).joined() {
      #expect((0...width).contains(point.x) && (0...height).contains(point.y), "\(plot.title): \(point)")
    }
    let boxes = root.elements("text").map { TextBox($0) }
    for (index, box) in boxes.enumerated() {
      #expect(box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height, "\(box)")
      for other in boxes[..<index] {
        #expect(!box.covers(other), "\(plot.title): \(box) covers \(other)")
      }
    }
  }
}

/// Where a text stands, by the estimate of its width.
private struct TextBox: CustomStringConvertible {
  var left: Double
  var right: Double
  var top: Double
  var bottom: Double
  var description: String

  init(_ element: SVGElement) {
    let classes = element.classes
    let size =
      classes.contains("headline")
      ? 19.0 : classes.contains("name") ? 14 : classes.contains("subtitle") ? 13 : 11
    let isBold = classes.contains("headline") || classes.contains("name")
    let width = TextFit.width(
      element.text, classes.contains("formula") ? .mono : isBold ? .bold : .sans, size: size)
    let offset = element.offset
    left =
      element.number("x") + offset.x
      - (classes.contains("end") ? width : classes.contains("middle") ? width / 2 : 0)
    right = left + width
    top = element.number("y") + offset.y - 0.75 * size
    bottom = element.number("y") + offset.y + 0.15 * size
    description = "‘\(element.text)’"
  }

  func covers(_ other: TextBox) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}
