// Between which numbers the values of a strategy's functions lie before anything is trained.

extension ActivationSpecification {
  /// The bounds of every function that may be in force before anything is trained, at its initial parameters: of each that a
  /// random choice draws from, of the one that a hypernetwork generates, of a mixture with equal weights.
  public var initialBounds: [ActivationBounds] {
    let functions =
      switch kind {
      case .single(let function): [function]
      case .random(let choice): choice.candidates
      case .generated(let hypernetwork): [hypernetwork.target]
      case .mixture(let mixture): [mixture.target]
      }
    return functions.map(ActivationBounds.init(of:))
  }
}
