// Maxout: of several linear pieces the largest.

/// yᵤ = maxⱼ xⱼᵤ over rows of pieces × units numbers, laid out [pieces][units] (Goodfellow et al. 2013, arXiv 1302.4389).
///
/// The gradient goes to the winner alone; of equal pieces the first wins.
final class Maxout: Layer {
  private let pieces: Int
  private let units: Int

  init(pieces: Int, units: Int) {
    self.pieces = pieces
    self.units = units
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    for row in 0..<pass.rows {
      let (x, y) = (x + row * pieces * units, y + row * units)
      for unit in 0..<units { y[unit] = x[winner(x, unit) * units + unit] }
    }
  }

  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) {
    guard let dx else { return }
    dx.update(repeating: 0, count: pass.rows * pieces * units)
    for row in 0..<pass.rows {
      let (x, dx, dy) = (x + row * pieces * units, dx + row * pieces * units, dy + row * units)
      for unit in 0..<units { dx[winner(x, unit) * units + unit] = dy[unit] }
    }
  }

  /// The piece with a unit's largest number in a row; a NaN wins, so that it is not hidden.
  private func winner(_ x: UnsafePointer<Float>, _ unit: Int) -> Int {
    var winner = 0
    for piece in 1..<pieces {
      let (value, best) = (x[piece * units + unit], x[winner * units + unit])
      if value > best || (value.isNaN && !best.isNaN) { winner = piece }
    }
    return winner
  }
}

extension LayerSpecification {
  /// The largest of so many pieces, at least 1, of the channels, which lie side by side (arXiv 1302.4389); the first of
  /// equal ones.
  public static func maxout(pieces: Int) -> LayerSpecification {
    LayerSpecification(MaxoutDescription(pieces: pieces))
  }
}

private struct MaxoutDescription: LayerDescription {
  var pieces: Int

  var name: String { "maxout" }
  var signal: LayerSignal { .maximum(pieces: pieces) }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard input.channels.isMultiple(of: pieces) else {
      throw ShapeFault(.needs("\(pieces) pieces of one width"))
    }
    return input.with(channels: input.channels / pieces)
  }

  func values(from input: RowShape) -> Int { input.count / pieces }

  func make(_ place: LayerPlace) -> any Layer { Maxout(pieces: pieces, units: place.output.channels) }
}
