// Small networks with one hidden layer of tanh: recognised in an expression, and computed by their own kernel.

internal import CKernels

/// d + Σⱼ vⱼ tanh(wⱼ x + cⱼ) over free parameters, each in one place. Its gradient by one kernel takes about half the
/// time that the programs take, because nothing between two hidden units goes through memory.
struct TanhNetwork: Sendable {
  private let units: [ck_hidden_unit]
  private let d: Int

  /// Nil if the expression is anything else, has fewer than three units (whose values are better kept in a record), or
  /// has parameters that are constrained or not trained.
  init?(_ expression: Expression, parameters: [Parameter]) {
    guard parameters.allSatisfy({ $0.isTrainable && $0.constraint == .none }) else { return nil }
    var units: [ck_hidden_unit] = []
    var constants: [Int] = []
    func place(_ expression: Expression) -> Int? {
      guard case .parameter(let name) = expression else { return nil }
      return parameters.firstIndex { $0.name == name }
    }
    for term in expression.summands {
      if let constant = place(term) {
        constants.append(constant)
      } else if case .binary(.multiply, let v, .unary(.tanh, .binary(.add, let product, let c))) = term,
        case .binary(.multiply, let w, .x) = product,
        let v = place(v), let w = place(w), let c = place(c)
      {
        units.append(ck_hidden_unit(w: w, c: c, v: v))
      } else {
        return nil
      }
    }
    let places = constants + units.flatMap { [$0.w, $0.c, $0.v] }
    guard constants.count == 1, units.count > 2, places.count == parameters.count,
      Set(places).count == places.count
    else { return nil }
    self.units = units
    d = constants[0]
  }

  /// Calls `body` with the network as its kernel takes it, its parameters being spread in `memory`.
  fileprivate func withKernel(_ memory: ProgramMemory, _ tiling: Tiling, _ body: (ck_network) -> Void) {
    units.withUnsafeBufferPointer {
      guard let units = $0.baseAddress else { return }
      body(
        ck_network(
          units: units, count: $0.count, d: d, parameters: memory.spread, stride: Tiling.width,
          is_shared: tiling.setCount == 1))
    }
  }
}

/// Computes such a network. Its parameters reach the tiles, and their gradients come back, as those of programs do.
struct NetworkKernel: ActivationKernel {
  private let network: TanhNetwork
  private let parameters: ProgramKernel

  init(_ network: TanhNetwork, _ programs: ActivationPrograms) {
    self.network = network
    parameters = ProgramKernel(programs)
  }

  var programs: ActivationPrograms? { parameters.programs }
  var recordedCount: Int { 0 }

  func makeWorkspace(maximumSets: Int) -> ActivationWorkspace {
    parameters.makeWorkspace(maximumSets: maximumSets)
  }

  func forward(_ pass: ForwardPass, _ workspace: ActivationWorkspace) {
    let memory = workspace.programs
    parameters.forEachTile(of: pass, memory) { offset, count in
      network.withKernel(memory, pass.tiling) {
        memory.networkKernels.pointee.value($0, pass.y + offset, pass.x + offset, count)
      }
    }
  }

  func backward(_ pass: BackwardPass, _ workspace: ActivationWorkspace) {
    let memory = workspace.programs
    parameters.forEachTile(of: pass, memory) { offset, count in
      network.withKernel(memory, pass.tiling) {
        memory.networkKernels.pointee.gradient(
          $0, pass.dx + offset, memory.sums, pass.x + offset, pass.dy + offset, count)
      }
    }
  }
}

extension Expression {
  fileprivate var summands: [Expression] {
    if case .binary(.add, let a, let b) = self { a.summands + b.summands } else { [self] }
  }
}
