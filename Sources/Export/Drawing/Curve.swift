// Sampled curves as polylines in pixels: gaps, cuts, clipping, thinning, and the text of an SVG path.

struct Point: Equatable {
  var x: Double
  var y: Double
}

/// Polylines of one curve, in pixels.
struct Curve {
  var pieces: [[Point]]

  /// The finite runs of a sampled function, cut at every break (a jump), where no line may cross.
  ///
  /// A sample at a break stays with the neighbour whose value is nearer.
  init(x: [Double], y: [Double], breaks: [Double] = [], xScale: LinearScale, yScale: LinearScale) {
    pieces = []
    let count = min(x.count, y.count)
    let starts = Set(
      breaks.compactMap { position -> Int? in
        guard let index = x.prefix(count).firstIndex(where: { $0 >= position }) else { return nil }
        let staysLeft =
          x[index] == position && index > 0 && index + 1 < count
          && (y[index] - y[index - 1]).magnitude < (y[index + 1] - y[index]).magnitude
        return staysLeft ? index + 1 : index
      })
    var piece: [Point] = []
    for index in 0..<count {
      let isDrawn = y[index].magnitude <= ValueRange.largest && x[index].isFinite
      if !piece.isEmpty, !isDrawn || starts.contains(index) {
        pieces.append(piece)
        piece = []
      }
      if isDrawn { piece.append(Point(x: xScale(x[index]), y: yScale(y[index]))) }
    }
    if !piece.isEmpty { pieces.append(piece) }
  }

  private init(pieces: [[Point]]) { self.pieces = pieces }

  /// What lies in a range of x, or of y, with new ends where a line leaves it.
  func clipped(x range: ClosedRange<Double>) -> Curve { clipped(range, by: \.x) }
  func clipped(y range: ClosedRange<Double>) -> Curve { clipped(range, by: \.y) }

  private func clipped(_ range: ClosedRange<Double>, by axis: WritableKeyPath<Point, Double>) -> Curve {
    var result: [[Point]] = []
    for piece in pieces {
      var current: [Point] = []
      // A line that only touches the range leaves nothing there; a lone point of the curve stays a point.
      func finish() {
        if current.count > 1 || piece.count == 1 { result.append(current) }
        current = []
      }
      if let first = piece.first, range.contains(first[keyPath: axis]) { current.append(first) }
      for (from, to) in zip(piece, piece.dropFirst()) {
        guard let (start, end) = Self.clip(from, to, range, axis) else { continue }
        if start != from { finish() }
        if current.isEmpty { current = [start] }
        if end != start { current.append(end) }
        if end != to { finish() }
      }
      if !current.isEmpty { finish() }
    }
    return Curve(pieces: result)
  }

  /// The part of a segment within the range, or nil.
  private static func clip(
    _ from: Point, _ to: Point, _ range: ClosedRange<Double>, _ axis: WritableKeyPath<Point, Double>
  ) -> (Point, Point)? {
    let (a, b) = (from[keyPath: axis], to[keyPath: axis])
    guard max(a, b) >= range.lowerBound, min(a, b) <= range.upperBound else { return nil }
    func at(_ bound: Double) -> Point {
      let share = (bound - a) / (b - a)
      var point = Point(x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y))
      point[keyPath: axis] = bound
      return point
    }
    let start =
      a < range.lowerBound ? at(range.lowerBound) : a > range.upperBound ? at(range.upperBound) : from
    let end = b < range.lowerBound ? at(range.lowerBound) : b > range.upperBound ? at(range.upperBound) : to
    return (start, end)
  }

  /// The same curve within `tolerance` pixels, with as few points as needed for it (Douglas and Peucker, 1973).
  func simplified(tolerance: Double) -> Curve {
    Curve(pieces: pieces.map { Self.simplified($0, tolerance) })
  }

  private static func simplified(_ points: [Point], _ tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var keep = [Bool](repeating: false, count: points.count)
    (keep[0], keep[points.count - 1]) = (true, true)
    var spans = [(0, points.count - 1)]
    while let (low, high) = spans.popLast() {
      guard high - low > 1 else { continue }
      var (farthest, distance) = (low, tolerance)
      for index in low + 1..<high {
        let offset = Self.distance(points[index], points[low], points[high])
        if offset > distance { (farthest, distance) = (index, offset) }
      }
      guard farthest > low else { continue }
      keep[farthest] = true
      spans += [(low, farthest), (farthest, high)]
    }
    return zip(points, keep).filter(\.1).map(\.0)
  }

  private static func distance(_ point: Point, _ a: Point, _ b: Point) -> Double {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    let (px, py) = (point.x - a.x, point.y - a.y)
    return length == 0 ? (px * px + py * py).squareRoot() : (dx * py - dy * px).magnitude / length
  }

  /// At most about `count` points: the lowest and the highest of equally many neighbours, so that peaks stay.
  func thinned(to count: Int) -> Curve {
    let total = pointCount
    guard total > count else { return self }
    let bucket = max(2, (2 * total + count - 1) / count)
    return Curve(
      pieces: pieces.map { piece in
        guard piece.count > 2 else { return piece }
        var result = [piece[0]]
        for start in stride(from: 1, to: piece.count - 1, by: bucket) {
          let range = start..<min(start + bucket, piece.count - 1)
          let low = range.min { piece[$0].y < piece[$1].y } ?? start
          let high = range.max { piece[$0].y < piece[$1].y } ?? start
          result += low == high ? [piece[low]] : [piece[min(low, high)], piece[max(low, high)]]
        }
        return result + piece.suffix(1)
      })
  }

  var pointCount: Int { pieces.reduce(0) { $0 + $1.count } }

  /// The lines, without lone points.
  var lines: Curve { Curve(pieces: pieces.filter { $0.count > 1 }) }

  /// The lone points, for a wide stroke with round caps.
  var points: Curve { Curve(pieces: pieces.filter { $0.count == 1 }) }

  /// Path data in tenths of a pixel, relative after each start; a lone point is a line of no length, which round
  /// caps make a dot. Rounding does not accumulate.
  var pathData: String {
    var data = ""
    for piece in pieces {
      guard let first = piece.first else { continue }
      var (x, y) = (SVGNumber(first.x), SVGNumber(first.y))
      data += "M\(x)" + Self.joined(y)
      var command = "l"
      for point in piece.dropFirst() {
        let (nextX, nextY) = (SVGNumber(point.x), SVGNumber(point.y))
        let (dx, dy) = (
          SVGNumber(tenths: nextX.tenths - x.tenths), SVGNumber(tenths: nextY.tenths - y.tenths)
        )
        if dx.tenths == 0, dy.tenths == 0 { continue }
        data += command.isEmpty ? Self.joined(dx) : "\(command)\(dx)"
        data += Self.joined(dy)
        (x, y) = (nextX, nextY)
        command = ""
      }
      if command == "l" { data += "h0" }
    }
    return data
  }

  /// A number after another; a minus sign separates by itself.
  private static func joined(_ number: SVGNumber) -> String {
    number.tenths < 0 ? "\(number)" : " \(number)"
  }
}
