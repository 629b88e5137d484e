// The matrix kernels against the textbook loops.

import CKernels
import Engine
import Testing

@Suite struct GemmTests {
  typealias Kernel = (
    Int, Int, Int, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Float, UnsafeMutablePointer<Float>,
    Int
  ) -> Void

  enum Layout: CaseIterable {
    case nn, tn, nt

    func kernel(_ table: UnsafePointer<ck_matrix>) -> Kernel {
      switch self {
      case .nn: table.pointee.gemm_nn
      case .tn: table.pointee.gemm_tn
      case .nt: table.pointee.gemm_nt
      }
    }

    /// Stored rows and columns of A and B for a product of these sizes.
    func stored(_ m: Int, _ n: Int, _ k: Int) -> (a: (Int, Int), b: (Int, Int)) {
      switch self {
      case .nn: ((m, k), (k, n))
      case .tn: ((k, m), (k, n))
      case .nt: ((m, k), (n, k))
      }
    }
  }

  static func numbers(_ count: Int, key: UInt64) -> [Float] {
    var stream = RandomStream(seed: 7, stream: .synthetic, layer: key)
    return (0..<count).map { _ in Float(stream.normal()) }
  }

  /// The product with `gap` unused elements after every stored row, which must stay as they are.
  static func product(
    _ table: UnsafePointer<ck_matrix>, _ layout: Layout, _ m: Int, _ n: Int, _ k: Int, beta: Float, gap: Int
  ) -> [Float] {
    let stored = layout.stored(m, n, k)
    let (lda, ldb, ldc) = (stored.a.1 + gap, stored.b.1 + gap, n + gap)
    let a = numbers(stored.a.0 * lda, key: 1)
    let b = numbers(stored.b.0 * ldb, key: 2)
    var c = numbers(m * ldc, key: 3)
    layout.kernel(table)(m, n, k, a, lda, b, ldb, beta, &c, ldc)
    return c
  }

  @Test("every small size equals the reference", arguments: Layout.allCases)
  func smallSizes(layout: Layout) {
    for m in [1, 2, 3, 4, 5, 8, 9] {
      for n in [1, 2, 3, 4, 7, 8, 9, 17] {
        for k in [0, 1, 2, 3, 8, 13] {
          for beta in [0, 1, -0.5] as [Float] {
            let got = Self.product(ck_matrix_baseline(), layout, m, n, k, beta: beta, gap: 3)
            let want = Self.product(ck_matrix_reference(), layout, m, n, k, beta: beta, gap: 3)
            let far = zip(got, want).contains { abs($0 - $1) > 1e-5 * Float(k + 1) }
            #expect(!far, "\(layout) \(m)×\(n)×\(k), beta \(beta)")
          }
        }
      }
    }
  }

  @Test("sums longer than a panel equal the reference", arguments: Layout.allCases, [255, 256, 257, 600])
  func longSums(layout: Layout, k: Int) {
    let got = Self.product(ck_matrix_baseline(), layout, 6, 11, k, beta: 1, gap: 0)
    let want = Self.product(ck_matrix_reference(), layout, 6, 11, k, beta: 1, gap: 0)
    #expect(!zip(got, want).contains { abs($0 - $1) > 2e-4 })
  }

  @Test("a zero beta overwrites whatever C held, NaN included", arguments: Layout.allCases)
  func zeroBeta(layout: Layout) {
    for k in [0, 5] {
      let stored = layout.stored(3, 5, k)
      let a = Self.numbers(stored.a.0 * stored.a.1, key: 1)
      let b = Self.numbers(stored.b.0 * stored.b.1, key: 2)
      var c = [Float](repeating: .nan, count: 15)
      layout.kernel(ck_matrix_baseline())(3, 5, k, a, stored.a.1, b, stored.b.1, 0, &c, 5)
      #expect(c.allSatisfy { $0.isFinite })
    }
  }

  @Test("a row's bits do not depend on the rows beside it")
  func rowIndependence() {
    let (m, n, k) = (11, 13, 300)
    let a = Self.numbers(m * k, key: 1)
    let b = Self.numbers(k * n, key: 2)
    var whole = [Float](repeating: 0, count: m * n)
    ck_matrix_baseline().pointee.gemm_nn(m, n, k, a, k, b, n, 0, &whole, n)
    for row in 0..<m {
      var single = [Float](repeating: 0, count: n)
      ck_matrix_baseline().pointee.gemm_nn(1, n, k, Array(a[row * k..<(row + 1) * k]), k, b, n, 0, &single, n)
      #expect(single == Array(whole[row * n..<(row + 1) * n]))
    }
  }

  @Test("not-a-number in an operand reaches the product")
  func propagatesNaN() {
    var a = Self.numbers(12, key: 1)
    a[5] = .nan
    var c = [Float](repeating: 0, count: 9)
    ck_matrix_baseline().pointee.gemm_nn(3, 3, 4, a, 4, Self.numbers(12, key: 2), 3, 0, &c, 3)
    #expect(c[3...5].allSatisfy { $0.isNaN })
    #expect(c[0...2].allSatisfy { $0.isFinite })
  }

  @Test("row filling and column sums equal the reference")
  func rowOperations() {
    let (m, n, lda) = (5, 7, 9)
    let a = Self.numbers(m * lda, key: 4)
    for table in [ck_matrix_baseline(), ck_matrix_reference()] {
      var filled = [Float](repeating: -1, count: m * lda)
      table.pointee.fill_rows(m, n, a, &filled, lda)
      var sums = Self.numbers(n, key: 5)
      let before = sums
      table.pointee.add_columns(m, n, a, lda, &sums)
      for column in 0..<n {
        let sum = (0..<m).reduce(before[column]) { $0 + a[$1 * lda + column] }
        #expect(abs(sums[column] - sum) < 1e-5)
        #expect((0..<m).allSatisfy { filled[$0 * lda + column] == a[column] })
      }
      #expect((0..<m).allSatisfy { filled[$0 * lda + n] == -1 })
    }
  }

  @Test("the instruction set in use has a name")
  func instructionSet() {
    #expect(String(cString: ck_instruction_set()) == "baseline")
  }
}
