// The embedding: a row of numbers for every token, which is trained.

/// y[t] = W[token at t] over rows of whole numbers from 0 on.
///
/// The gradient by W[k] is the sum of those by all steps that have token k. A token outside the table is the caller's fault.
final class Embedding: Layer {
  private let steps: Int
  private let tokens: Int
  private let width: Int
  private let offset: Int
  private let masksZero: Bool

  /// - Parameter offset: where W starts in the flat vectors, [tokens][width].
  init(steps: Int, tokens: Int, width: Int, offset: Int, masksZero: Bool) {
    self.steps = steps
    self.tokens = tokens
    self.width = width
    self.offset = offset
    self.masksZero = masksZero
  }

  private func token(_ value: Float) -> Int {
    let token = Int(value)
    precondition(token >= 0 && token < tokens, "a token lies outside the table")
    return token
  }

  func forward(_ pass: Pass, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    let weights = pass.parameters + offset
    for position in 0..<pass.rows * steps {
      (y + position * width).update(from: weights + token(x[position]) * width, count: width)
    }
  }

  /// Tokens have no gradient.
  func backward(
    _ pass: Pass, x: UnsafePointer<Float>, y: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>?
  ) { dx?.update(repeating: 0, count: pass.rows * steps) }

  /// A member takes some columns: every number is summed over the steps in their order.
  func differentiate(_ pass: Pass, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, member: Member) {
    let columns = member.share(of: width, unit: 8)
    let gradient = pass.gradients + offset
    for token in 0..<tokens {
      (gradient + token * width + columns.lowerBound).update(repeating: 0, count: columns.count)
    }
    for position in 0..<pass.rows * steps {
      let token = token(x[position])
      if masksZero, token == 0 { continue }
      let (sums, dy) = (gradient + token * width, dy + position * width)
      for column in columns { sums[column] += dy[column] }
    }
  }
}

extension LayerSpecification {
  /// A trained row of `width` numbers for each of so many tokens; only as the first layer, over rows of whole numbers.
  ///
  /// - Parameter masksZero: whether token 0 is padding: zeros at the end of a row are no steps of it, and the row of token 0
  ///   is not trained.
  public static func embedding(tokens: Int, width: Int, masksZero: Bool = false) -> LayerSpecification {
    LayerSpecification(EmbeddingDescription(count: tokens, width: width, masksZero: masksZero))
  }
}

private struct EmbeddingDescription: LayerDescription {
  var count: Int
  var width: Int
  var masksZero: Bool

  var name: String { "embedding" }
  var isPositionwise: Bool { false }
  var tokens: Int? { count }

  func output(from input: RowShape) throws(ShapeFault) -> RowShape {
    guard case .features(let steps) = input else { throw ShapeFault(.needs("[steps] of whole numbers")) }
    return .sequence(steps: steps, features: width)
  }

  func tensors(from input: RowShape) -> [LayerTensor] { [LayerTensor("weight", [count, width], .weight)] }

  func values(from input: RowShape) -> Int { 2 * input.count * width }

  func initialize(_ parameters: UnsafeMutablePointer<Float>, _ start: LayerStart) {
    var stream = start.stream
    InitialDistribution.normal(variance: 1).fill(parameters, rows: count, columns: width, from: &stream)
  }

  func make(_ place: LayerPlace) -> any Layer {
    Embedding(
      steps: place.input.count, tokens: count, width: width, offset: place.offset, masksZero: masksZero)
  }
}
