// A small character plot of one activation before (·) and after (●) training.

/// The room for a plot and the characters that it is drawn with.
package struct PlotStyle: Sendable {
  /// Columns between the axis and the right end.
  package var columns = 61
  /// Whether marks may be other than ASCII.
  package var hasUnicode = true

  /// As wide as a page, in Unicode.
  package init() {}

  /// As wide as a terminal is, up to 120 columns in all; elsewhere as wide as a page.
  package init(_ terminal: Terminal) {
    if terminal.isTerminal { columns = min(max(terminal.columns, 46), 120) - CurvePlot.margin }
    hasUnicode = terminal.hasUnicode
  }

  fileprivate var before: Character { hasUnicode ? "·" : "." }
  fileprivate var after: Character { hasUnicode ? "●" : "o" }
  fileprivate var axis: Character { hasUnicode ? "│" : "|" }
}

/// Two curves over the same points, drawn with characters.
struct CurvePlot {
  /// Columns for the labels on the left, and one that stays free.
  static let margin = 14
  private static let rows = 13

  /// The plot: `rows` lines and a line for the x axis.
  let text: String

  /// Nil when there is nothing finite to draw, or too much of it for one scale.
  init?(x: [Double], initial: [Double], trained: [Double], style: PlotStyle) {
    let all = (initial + trained).filter(\.isFinite)
    guard x.count > 1, initial.count == x.count, trained.count == x.count, var low = all.min(),
      var high = all.max(), (high - low).isFinite
    else { return nil }
    if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }

    var grid = Array(repeating: Array(repeating: Character(" "), count: style.columns), count: Self.rows)
    func draw(_ values: [Double], _ mark: Character) {
      for column in 0..<style.columns {
        let index = column * (x.count - 1) / (style.columns - 1)
        guard values[index].isFinite else { continue }
        let height = (values[index] - low) / (high - low)
        grid[Self.rows - 1 - Int((height * Double(Self.rows - 1)).rounded())][column] = mark
      }
    }
    draw(initial, style.before)
    draw(trained, style.after)

    let labels = [0: high, Self.rows / 2: (low + high) / 2, Self.rows - 1: low]
    var lines = grid.enumerated().map { row, marks in
      let label = labels[row].map { fixed($0, decimals: 2) } ?? ""
      return "  \(label.paddedLeft(to: 9)) \(style.axis)\(String(marks))"
    }
    let left = fixed(x[0], decimals: 1)
    let right = fixed(x[x.count - 1], decimals: 1)
    let legend = "\(style.before) initial   \(style.after) trained"
    let gap = max(1, style.columns - left.count - right.count - legend.count)
    let before = String(repeating: " ", count: gap / 2)
    let after = String(repeating: " ", count: gap - gap / 2)
    lines.append("            " + left + before + legend + after + right)
    text = lines.map { $0.trimmingTrailingSpaces() }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func trimmingTrailingSpaces() -> String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
