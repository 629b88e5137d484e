// How the values and gradients of one activation are computed: by programs, or by a kernel of its own.

/// A pass forward over a matrix: y = f(x).
struct ForwardPass {
  let x: UnsafePointer<Float>
  /// May be `x`.
  let y: UnsafeMutablePointer<Float>
  /// Raw values, `[parameter][set]`; nil where there are none.
  let parameters: UnsafePointer<Float>?
  /// A number for each element, where the function takes any.
  let noise: UnsafePointer<Float>?
  /// Where the numbers go that the pass back will ask for; nil if it will not.
  let record: UnsafeMutablePointer<Float>?
  let tiling: Tiling
}

/// A pass back: dx = dy ⊙ f′(x), and the gradients of the raw values, which are added to.
struct BackwardPass {
  let x: UnsafePointer<Float>
  let dy: UnsafePointer<Float>
  /// May be `dy`.
  let dx: UnsafeMutablePointer<Float>
  let parameters: UnsafePointer<Float>?
  /// `[parameter][set]`; nil if they are not wanted.
  let dparameters: UnsafeMutablePointer<Float>?
  let noise: UnsafePointer<Float>?
  /// What the pass forward left for the same elements and parameters.
  let record: UnsafePointer<Float>?
  let tiling: Tiling
}

/// What computes an activation, chosen once. The same input gives the same bits; nothing is allocated in a pass.
protocol ActivationKernel: Sendable {
  /// How many numbers for each element a pass forward can leave for the pass back.
  var recordedCount: Int { get }
  /// The programs whose instructions tell what it costs; nil for a kernel whose cost is known.
  var programs: ActivationPrograms? { get }

  /// Memory for passes with at most so many parameter sets.
  func makeWorkspace(maximumSets: Int) -> ActivationWorkspace

  func forward(_ pass: ForwardPass, _ workspace: ActivationWorkspace)
  func backward(_ pass: BackwardPass, _ workspace: ActivationWorkspace)
}
