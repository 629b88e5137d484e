// Every element-wise function of every instruction set: against the scalar reference, the exact value, and itself.

import CKernels
import Glibc
import Testing

/// One entry of the table.
struct Function: Sendable, CustomTestStringConvertible {
  enum Kernel {
    case unary(ck_unary)
    case binary(ck_binary)
    case ternary(ck_ternary)
    case select(ck_select)

    var operandCount: Int {
      switch self {
      case .unary: 1
      case .binary: 2
      case .ternary: 3
      case .select: 4
      }
    }

    func callAsFunction(_ y: UnsafeMutablePointer<Float>, _ x: [UnsafePointer<Float>], _ count: Int) {
      switch self {
      case .unary(let function): function(y, x[0], count)
      case .binary(let function): function(y, x[0], x[1], count)
      case .ternary(let function): function(y, x[0], x[1], x[2], count)
      case .select(let function): function(y, x[0], x[1], x[2], x[3], count)
      }
    }

    /// The function of some columns of operands.
    func callAsFunction(_ operands: [[Float]]) -> [Float] {
      let memory = operands.map { GuardedFloats($0) }
      let y = GuardedFloats(operands[0])
      withExtendedLifetime(memory) { self(y.base, memory.map { UnsafePointer($0.base) }, y.count) }
      return y.values
    }
  }

  let testDescription: String
  let kernel: @Sendable (ck_elementwise) -> Kernel

  init(_ name: String, _ kernel: @escaping @Sendable (ck_elementwise) -> Kernel) {
    testDescription = name
    self.kernel = kernel
  }

  static let unary = [
    Function("negate") { .unary($0.negate) }, Function("absolute") { .unary($0.absolute) },
    Function("sign") { .unary($0.sign) }, Function("reciprocal") { .unary($0.reciprocal) },
    Function("sqrt") { .unary($0.sqrt) }, Function("exp") { .unary($0.exp) },
    Function("expm1") { .unary($0.expm1) }, Function("log") { .unary($0.log) },
    Function("log1p") { .unary($0.log1p) }, Function("sin") { .unary($0.sin) },
    Function("cos") { .unary($0.cos) }, Function("tanh") { .unary($0.tanh) },
    Function("tanh_slope") { .unary($0.tanh_slope) },
    Function("arctan") { .unary($0.arctan) }, Function("asinh") { .unary($0.asinh) },
    Function("sigmoid") { .unary($0.sigmoid) }, Function("sigmoid_slope") { .unary($0.sigmoid_slope) },
    Function("softplus") { .unary($0.softplus) }, Function("erf") { .unary($0.erf) },
    Function("erfc") { .unary($0.erfc) },
  ]

  static let binary = [
    Function("add") { .binary($0.add) }, Function("subtract") { .binary($0.subtract) },
    Function("multiply") { .binary($0.multiply) }, Function("divide") { .binary($0.divide) },
    Function("minimum") { .binary($0.minimum) }, Function("maximum") { .binary($0.maximum) },
    Function("power") { .binary($0.power) }, Function("scaled") { .binary($0.scaled) },
  ]

  static let select = [
    Function("select_less") { .select($0.select_less) },
    Function("select_less_or_equal") { .select($0.select_less_or_equal) },
  ]

  static let multiplyAdd = Function("multiply_add") { .ternary($0.multiply_add) }
  static let scaledAdd = Function("scaled_add") { .ternary($0.scaled_add) }

  static let all = unary + binary + [multiplyAdd, scaledAdd] + select
}

/// The largest error that elementwise.h states, rounded up, and the function in double precision.
struct Accuracy: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let limit: Double
  let kernel: @Sendable (ck_elementwise) -> ck_unary
  let exact: @Sendable (Double) -> Double

  static let all = [
    Accuracy("reciprocal", 0.5, { $0.reciprocal }, { 1 / $0 }),
    Accuracy("sqrt", 0.5, { $0.sqrt }, { $0.squareRoot() }),
    Accuracy("exp", 0.8, { $0.exp }, { exp($0) }),
    Accuracy("expm1", 1.65, { $0.expm1 }, { expm1($0) }),
    Accuracy("log", 0.85, { $0.log }, { log($0) }),
    Accuracy("log1p", 1.4, { $0.log1p }, { log1p($0) }),
    Accuracy("sin", 1.6, { $0.sin }, { sin($0) }),
    Accuracy("cos", 1.6, { $0.cos }, { cos($0) }),
    Accuracy("tanh", 2.3, { $0.tanh }, { tanh($0) }),
    Accuracy(
      "tanh_slope", 2.85, { $0.tanh_slope },
      { x in
        let e = exp(-2 * abs(x))
        return 4 * e / ((1 + e) * (1 + e))
      }),
    Accuracy("arctan", 1.25, { $0.arctan }, { atan($0) }),
    Accuracy("asinh", 1.45, { $0.asinh }, { asinh($0) }),
    Accuracy("sigmoid", 2.35, { $0.sigmoid }, { $0 >= 0 ? 1 / (1 + exp(-$0)) : exp($0) / (1 + exp($0)) }),
    Accuracy(
      "sigmoid_slope", 2.35, { $0.sigmoid_slope },
      { x in
        let e = exp(-abs(x))
        return e / ((1 + e) * (1 + e))
      }),
    Accuracy("softplus", 1.7, { $0.softplus }, { ($0 > 0 ? $0 : 0) + log1p(exp(-abs($0))) }),
    Accuracy("erf", 1.45, { $0.erf }, { erf($0) }),
    Accuracy("erfc", 1.95, { $0.erfc }, { erfc($0) }),
  ]

  init(
    _ name: String, _ limit: Double, _ kernel: @escaping @Sendable (ck_elementwise) -> ck_unary,
    _ exact: @escaping @Sendable (Double) -> Double
  ) {
    testDescription = name
    self.limit = limit
    self.kernel = kernel
    self.exact = exact
  }
}

@Suite struct ElementwiseTests {
  /// Both zeros, infinities, NaN, the ends of the subnormal and normal numbers, and where functions saturate.
  static let special: [Float] = {
    let positive: [Float] = [
      0, .leastNonzeroMagnitude, 0x1p-140, .leastNormalMagnitude, 1e-8, 0.5, 1, 1.5, 2, 3, 88.8, 104, 1e4,
      16_777_215,
      .greatestFiniteMagnitude, .infinity,
    ]
    return positive.flatMap { [$0, -$0] } + [.nan]
  }()

  @Test(arguments: KernelSet.all, Function.all)
  func `at every length and gap equals the reference, touches nothing else, and may work in place`(
    set: KernelSet, function: Function
  ) {
    let kernel = function.kernel(set.tables.elementwise.pointee)
    let reference = function.kernel(ck_elementwise_reference().pointee)
    for count in 0...67 {
      for gap in 0...3 {
        var noise = Noise(count * 4 + gap)
        let operands = (0..<kernel.operandCount).map { _ in GuardedFloats(noise.array(count), gap: gap) }
        defer { withExtendedLifetime(operands) {} }
        let pointers = operands.map { UnsafePointer($0.base) }
        let y = GuardedFloats(noise.array(count), gap: gap)
        kernel(y.base, pointers, count)
        let expected = GuardedFloats(y.values)
        reference(expected.base, pointers, count)
        for index in 0..<count {
          // The reference multiplies and adds with two roundings, of which the first may be as large as the product.
          let product = kernel.operandCount == 3 ? abs(pointers[0][index] * pointers[1][index]) : 0
          let allowed = 1e-6 * (abs(expected.base[index]) + product)
          #expect(
            abs(y.base[index] - expected.base[index]) <= allowed
              || (y.base[index].isNaN && expected.base[index].isNaN), "\(index) of \(count)")
        }
        #expect(y.isIntact)
        // The bits do not depend on the place in a vector, nor on where the result goes.
        for index in 0..<count {
          var alone: Float = 0
          kernel(&alone, pointers.map { $0 + index }, 1)
          #expect(haveSameBits([alone], [y.base[index]]), "\(index) of \(count), alone")
        }
        kernel(operands[0].base, pointers, count)
        #expect(haveSameBits(operands[0].values, y.values))
      }
    }
  }

  @Test(arguments: KernelSet.all, Accuracy.all)
  func `every function is within its stated error over all floats`(set: KernelSet, function: Accuracy) {
    let kernel = function.kernel(set.tables.elementwise.pointee)
    let x = stride(from: 0, to: UInt64(1) << 32, by: 32_771).map { Float(bitPattern: UInt32($0)) }
    var y = x
    kernel(&y, x, x.count)
    let errors = zip(x, y).map { distance($1, from: function.exact(Double($0))) }
    let worst = errors.indices.max { errors[$0] < errors[$1] } ?? 0
    #expect(errors[worst] <= function.limit, "\(errors[worst]) ulp at \(x[worst]): \(y[worst])")
  }

  @Test(arguments: KernelSet.all)
  func `two functions at once have the bits of each alone, at every length`(set: KernelSet) {
    let table = set.tables.elementwise.pointee
    let pairs: [(pair: ck_pair, first: ck_unary, second: ck_unary)] = [
      (table.sin_and_cos, table.sin, table.cos), (table.tanh_and_slope, table.tanh, table.tanh_slope),
      (table.sigmoid_and_slope, table.sigmoid, table.sigmoid_slope),
    ]
    for (pair, first, second) in pairs {
      for count in 0...67 {
        var noise = Noise(count)
        let values =
          count < 64 ? noise.array(count, 20) : Self.special + noise.array(count - Self.special.count)
        let (x, y, z) = (GuardedFloats(values), GuardedFloats(values), GuardedFloats(values))
        pair(y.base, z.base, x.base, count)
        let (a, b) = (GuardedFloats(values), GuardedFloats(values))
        first(a.base, x.base, count)
        second(b.base, x.base, count)
        #expect(haveSameBits(y.values, a.values) && haveSameBits(z.values, b.values), "\(count)")
        #expect(y.isIntact && z.isIntact && x.isIntact)
        pair(y.base, x.base, x.base, count)
        #expect(haveSameBits(x.values, b.values), "in place")
      }
    }
  }

  @Test(arguments: KernelSet.all)
  func `scaled_add adds what scaled gives, with one rounding or two`(set: KernelSet) {
    let table = set.tables.elementwise.pointee
    let a = Self.special.flatMap { Array(repeating: $0, count: Self.special.count) }
    let b = Self.special.flatMap { _ in Self.special }
    for count in [a.count, 1, 15, 17, 40] {
      var product = a
      table.scaled(&product, a, b, count)
      let sums = GuardedFloats(Array(repeating: 0.5, count: count))
      table.scaled_add(sums.base, a, b, sums.base, count)
      let rounded = product.prefix(count).map { 0.5 + $0 }
      let fused = zip(a, b).prefix(count).map { $0 == 0 ? 0.5 : Float(0.5).addingProduct($0, $1) }
      #expect(haveSameBits(sums.values, rounded) || haveSameBits(sums.values, fused))
      #expect(sums.isIntact)
    }
  }

  @Test(arguments: KernelSet.all, Function.unary)
  func `unary functions of special values are the reference's`(set: KernelSet, function: Function) {
    let got = function.kernel(set.tables.elementwise.pointee)([Self.special])
    let want = function.kernel(ck_elementwise_reference().pointee)([Self.special])
    for (index, x) in Self.special.enumerated() {
      #expect(
        distance(got[index], from: Double(want[index])) <= 4, "at \(x): \(got[index]), not \(want[index])")
    }
  }

  @Test(arguments: KernelSet.all, Function.binary)
  func `binary functions of every two special values are the reference's`(set: KernelSet, function: Function)
  {
    let a = Self.special.flatMap { Array(repeating: $0, count: Self.special.count) }
    let b = Self.special.flatMap { _ in Self.special }
    let got = function.kernel(set.tables.elementwise.pointee)([a, b])
    let want = function.kernel(ck_elementwise_reference().pointee)([a, b])
    for index in a.indices {
      #expect(
        distance(got[index], from: Double(want[index])) <= 1,
        "of \(a[index]) and \(b[index]): \(got[index]), not \(want[index])")
    }
  }

  @Test(arguments: KernelSet.all, Function.select)
  func `selections between special values are the reference's`(set: KernelSet, function: Function) {
    let a = Self.special.flatMap { Array(repeating: $0, count: Self.special.count) }
    let b = Self.special.flatMap { _ in Self.special }
    let operands = [a, b, b, a]
    let got = function.kernel(set.tables.elementwise.pointee)(operands)
    #expect(haveSameBits(got, function.kernel(ck_elementwise_reference().pointee)(operands)))
  }

  @Test(arguments: KernelSet.all)
  func `multiply_add rounds once or twice, and nothing else`(set: KernelSet) {
    let values = Self.special
    let kernel = Function.multiplyAdd.kernel(set.tables.elementwise.pointee)
    for c in values {
      let a = values.flatMap { Array(repeating: $0, count: values.count) }
      let b = values.flatMap { _ in values }
      let got = kernel([a, b, Array(repeating: c, count: a.count)])
      let fused = zip(a, b).map { c.addingProduct($0, $1) }
      let rounded = zip(a, b).map { $0 * $1 + c }
      #expect(haveSameBits(got, fused) || haveSameBits(got, rounded), "added to \(c)")
    }
  }
}
