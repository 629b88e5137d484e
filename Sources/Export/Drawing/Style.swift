// The look of every picture: one palette each for light, dark and paper, and the style sheet made from them.

/// Colours as `#rrggbb`. Text has a contrast of at least 4.5 with `paper` (WCAG 2.1, 1.4.3), curves at least 3.
package struct Palette: Sendable {
  /// The background.
  package var paper: String
  /// Titles and labels.
  package var text: String
  /// Captions and notes.
  package var muted: String
  /// The lines of the grid.
  package var grid: String
  /// The axes through zero.
  package var zero: String
  /// The curve before training.
  package var initial: String
  /// The curve after training.
  package var trained: String
  /// The curve's derivative.
  package var derivative: String
  /// The area of the histogram of inputs.
  package var inputs: String
  /// The outline of the histogram.
  package var inputsEdge: String

  /// For light screens.
  package static let light = Palette(
    paper: "#ffffff", text: "#1b2430", muted: "#566070", grid: "#e9ecf0", zero: "#b6bec9",
    initial: "#6b7686", trained: "#0b62c4", derivative: "#b0480a", inputs: "#dfe7f1", inputsEdge: "#b7c6d9")

  /// For dark screens.
  package static let dark = Palette(
    paper: "#10151d", text: "#e8edf4", muted: "#a3aebd", grid: "#202833", zero: "#556071",
    initial: "#98a4b5", trained: "#62aeff", derivative: "#ff9d57", inputs: "#1d2a3b", inputsEdge: "#3c5270")

  /// For paper.
  package static let print = Palette(
    paper: "#ffffff", text: "#000000", muted: "#333333", grid: "#dddddd", zero: "#888888",
    initial: "#555555", trained: "#000000", derivative: "#000000", inputs: "#e4e4e4", inputsEdge: "#aaaaaa")
}

/// The style sheet that every picture carries, all of it below its own class, so that a page may hold the picture inline.
///
/// Colours stand in each rule instead of in custom properties, which many SVG renderers do not know.
enum Style {
  static let rootClass = "curvesmith"

  /// The rules for these classes, one a line.
  static func sheet(for classes: Set<Substring>) -> String {
    func rules(_ rules: [(selectors: String, declarations: String)]) -> String {
      rules.map { rule in
        let selectors = rule.selectors.split(separator: ",", omittingEmptySubsequences: false).filter {
          classes.isSuperset(
            of: $0.split(separator: " ").flatMap { $0.split(separator: ".") }.filter {
              !elements.contains($0)
            })
        }
        if selectors.isEmpty { return "" }
        return selectors.map { $0.isEmpty ? ".\(rootClass)" : ".\(rootClass) \($0)" }.joined(separator: ",")
          + "{\(rule.declarations)}\n"
      }.joined()
    }
    return rules(geometry) + rules(colours(.light))
      + "@media (prefers-color-scheme:dark){\n\(rules(colours(.dark)))}\n"
      + "@media print{\n\(rules(colours(.print)))}\n"
  }

  private static let elements: Set<Substring> = ["path", "text"]

  private static let geometry: [(selectors: String, declarations: String)] = [
    ("", "max-width:100%;height:auto"),
    ("text", "font:11px \(sans)"),
    (".headline", "font-size:19px;font-weight:600"),
    (".subtitle", "font-size:13px"),
    (".name", "font-size:14px;font-weight:600"),
    (".small", "font-size:12px"),
    (".key", "font-size:12px"),
    (".formula", "font:11px \(mono)"),
    (".tick", "font-variant-numeric:tabular-nums"),
    (".symbol", "font-style:italic;letter-spacing:.6px"),
    (".middle", "text-anchor:middle"),
    (".end", "text-anchor:end"),
    ("path", "fill:none;stroke-linejoin:round;stroke-linecap:round"),
    (".grid,.zero", "stroke-width:1;stroke-linecap:butt"),
    (".initial", "stroke-width:1.6;stroke-dasharray:6 4.5;stroke-linecap:butt"),
    (".trained", "stroke-width:2.6"),
    (".beyond", "stroke-width:1.8;stroke-dasharray:.1 4"),
    (".units path", "stroke-width:.8;stroke-opacity:.4"),
    (".derivative", "stroke-width:1.7"),
    (".derivative.beyond", "stroke-width:1.6;stroke-dasharray:.1 3.6"),
    (".derivative.thin", "stroke-width:1.5;stroke-dasharray:3.5 2.5;stroke-linecap:butt"),
    (".inputs", "stroke-width:.8;stroke-linejoin:miter"),
    (".point", "stroke-width:5;stroke-dasharray:none;stroke-linecap:round"),
    (".dot,.ring", "stroke-width:1.4"),
  ]
  private static let sans =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans','DejaVu Sans',sans-serif"
  private static let mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

  private static func colours(_ palette: Palette) -> [(selectors: String, declarations: String)] {
    [
      (".paper", "fill:\(palette.paper)"),
      ("text", "fill:\(palette.text)"),
      (".subtitle,.caption,.tick,.key", "fill:\(palette.muted)"),
      (".slope", "fill:\(palette.derivative)"),
      (".grid", "stroke:\(palette.grid)"),
      (".zero", "stroke:\(palette.zero)"),
      (".initial", "stroke:\(palette.initial)"),
      (".trained,.units path", "stroke:\(palette.trained)"),
      (".derivative", "stroke:\(palette.derivative)"),
      (".inputs", "fill:\(palette.inputs);stroke:\(palette.inputsEdge)"),
      (".trained.dot", "fill:\(palette.trained)"),
      (".derivative.dot", "fill:\(palette.derivative)"),
      (".ring", "fill:\(palette.paper)"),
    ]
  }
}
