// A small character plot of one activation before (·) and after (●) training.

/// Two curves over the same points, drawn with characters.
struct CurvePlot {
  private static let columns = 61
  private static let rows = 13

  /// The plot: `rows` lines and a line for the x axis.
  let text: String

  /// Nil when there is nothing finite to draw, or too much of it for one scale.
  init?(x: [Double], initial: [Double], trained: [Double]) {
    let all = (initial + trained).filter(\.isFinite)
    guard x.count > 1, initial.count == x.count, trained.count == x.count, var low = all.min(),
      var high = all.max(), (high - low).isFinite
    else { return nil }
    if high - low < 1e-9 { (low, high) = (low - 0.5, high + 0.5) }

    var grid = Array(repeating: Array(repeating: Character(" "), count: Self.columns), count: Self.rows)
    func draw(_ values: [Double], _ mark: Character) {
      for column in 0..<Self.columns {
        let index = column * (x.count - 1) / (Self.columns - 1)
        guard values[index].isFinite else { continue }
        let height = (values[index] - low) / (high - low)
        grid[Self.rows - 1 - Int((height * Double(Self.rows - 1)).rounded())][column] = mark
      }
    }
    draw(initial, "·")
    draw(trained, "●")

    let labels = [0: high, Self.rows / 2: (low + high) / 2, Self.rows - 1: low]
    var lines = grid.enumerated().map { row, marks in
      let label = labels[row].map { fixed($0, decimals: 2) } ?? ""
      return "  \(label.paddedLeft(to: 9)) │\(String(marks))"
    }
    let left = fixed(x[0], decimals: 1)
    let right = fixed(x[x.count - 1], decimals: 1)
    let legend = "· initial   ● trained"
    let gap = max(1, Self.columns - left.count - right.count - legend.count)
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
