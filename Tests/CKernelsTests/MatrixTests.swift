// The matrix kernels of every instruction set against the textbook loops, and against themselves cut into parts.

import CKernels
import Testing

/// Which operands are stored transposed.
enum Layout: CaseIterable {
  case nn, tn, nt

  func kernel(_ table: ck_matrix) -> ck_gemm {
    switch self {
    case .nn: table.gemm_nn
    case .tn: table.gemm_tn
    case .nt: table.gemm_nt
    }
  }
}

/// One product with `padding` unused numbers between stored rows.
struct Product {
  let layout: Layout
  let m: Int
  let n: Int
  let k: Int
  let beta: Float
  let padding: Int
  let a: GuardedFloats
  let b: GuardedFloats
  let bias: GuardedFloats?
  let initial: [Float]

  init(
    _ layout: Layout, _ m: Int, _ n: Int, _ k: Int, beta: Float = 0, isBiased: Bool = false,
    padding: Int = 0, gap: Int = 0
  ) {
    (self.layout, self.m, self.n, self.k) = (layout, m, n, k)
    (self.beta, self.padding) = (beta, padding)
    var noise = Noise(m * 10_007 + n * 101 + k)
    func stored(_ rows: Int, _ columns: Int) -> [Float] {
      noise.array(rows == 0 ? 0 : (rows - 1) * (columns + padding) + columns)
    }
    a = GuardedFloats(layout == .tn ? stored(k, m) : stored(m, k), gap: gap)
    b = GuardedFloats(layout == .nt ? stored(n, k) : stored(k, n), gap: gap)
    bias = isBiased ? GuardedFloats(noise.array(n), gap: gap) : nil
    initial = beta == 0 ? stored(m, n).map { _ in .nan } : stored(m, n)
  }

  private var lda: Int { (layout == .tn ? m : k) + padding }
  private var ldb: Int { (layout == .nt ? k : n) + padding }
  private var ldc: Int { n + padding }

  /// C, computed in parts of rows and columns that start at these numbers.
  func callAsFunction(_ table: ck_matrix, rows: [Int] = [0], columns: [Int] = [0], gap: Int = 0)
    -> GuardedFloats
  {
    defer { withExtendedLifetime(self) {} }
    let c = GuardedFloats(initial, gap: gap)
    for (i, end) in zip(rows, rows.dropFirst() + [m]) {
      for (j, last) in zip(columns, columns.dropFirst() + [n]) {
        layout.kernel(table)(
          end - i, last - j, k, a.base + (layout == .tn ? i : i * lda), lda,
          b.base + (layout == .nt ? j * ldb : j), ldb, beta, bias.map { UnsafePointer($0.base + j) },
          c.base + i * ldc + j, ldc)
      }
    }
    return c
  }

  /// Whether the number at an index of C's memory is an element, not padding.
  func isElement(_ index: Int) -> Bool { index % ldc < n }
}

@Suite struct MatrixTests {
  /// Holds a product against the reference, and in parts against the whole.
  private func check(_ set: KernelSet, _ product: Product, gap: Int = 0) {
    let got = product(set.tables.matrix.pointee, gap: gap)
    let want = product(ck_matrix_reference().pointee)
    let (m, n, k) = (product.m, product.n, product.k)
    // Sums of k products of numbers up to 3, each rounded.
    let allowed = 1e-5 * Float(k + 2)
    let far = (0..<got.count).first { index in
      product.isElement(index)
        ? !(abs(got.base[index] - want.base[index]) <= allowed)
        : got.base[index].bitPattern != want.base[index].bitPattern
    }
    #expect(far == nil && got.isIntact, "\(product.layout) \(m)×\(n)×\(k), beta \(product.beta)")
    let parts = product(set.tables.matrix.pointee, rows: [0, m / 3], columns: [0, n / 3])
    #expect(haveSameBits(parts.values, got.values), "\(product.layout) \(m)×\(n)×\(k) in parts")
  }

  @Test(arguments: KernelSet.all, Layout.allCases)
  func `every small size equals the reference, whole and in parts`(set: KernelSet, layout: Layout) {
    for m in 1...20 {
      for n in 1...20 {
        for k in [0, 1, 2, 7, 16] {
          let turn = m + 2 * n + k
          check(
            set,
            Product(
              layout, m, n, k, beta: [0, 1, -0.5][turn % 3], isBiased: turn % 2 == 0, padding: turn % 4,
              gap: turn % 5 % 4),
            gap: turn % 4)
        }
      }
    }
  }

  @Test(arguments: KernelSet.all, Layout.allCases)
  func `every remainder up to 67 equals the reference`(set: KernelSet, layout: Layout) {
    for n in 0...67 {
      for k in [0, 1, 3, 8, 33, 64, 67] {
        let m = (n * 29 + k * 7) % 68
        for (beta, isBiased) in [(0, false), (0, true), (1, false), (0.5, true)] as [(Float, Bool)] {
          check(
            set, Product(layout, m, n, k, beta: beta, isBiased: isBiased, padding: (n + k) % 4, gap: k % 4))
        }
      }
    }
  }

  @Test(
    arguments: KernelSet.all,
    [
      (6, 11, 255), (6, 11, 256), (6, 11, 257), (600, 35, 300), (35, 600, 513), (256, 10, 256), (1, 1000, 3),
      // Rows so far apart that they are copied.
      (40, 800, 33), (30, 531, 257), (260, 70, 257), (770, 260, 40),
    ])
  func `sums and rows longer than one block equal the reference`(
    set: KernelSet, size: (m: Int, n: Int, k: Int)
  ) {
    for layout in Layout.allCases {
      check(set, Product(layout, size.m, size.n, size.k, beta: 1, isBiased: true, padding: 1))
    }
  }

  @Test(arguments: KernelSet.all, Layout.allCases)
  func `no cut into blocks of rows and columns changes a bit`(set: KernelSet, layout: Layout) {
    let table = set.tables.matrix.pointee
    for (m, n, k) in [(64, 10, 64), (64, 128, 64), (37, 67, 300), (131, 1, 9), (781, 263, 40)] {
      let product = Product(layout, m, n, k, beta: m % 2 == 0 ? 1 : 0.5, isBiased: n % 2 == 1, padding: m % 3)
      let whole = product(table).values
      for rows in [[0, 1, 7], [0, m / 2], [0, 5, m - 6, m - 1]] {
        for columns in [[0], [0, n / 2], [0, n / 3, n - 1]] {
          let parts = product(table, rows: rows, columns: columns)
          #expect(haveSameBits(parts.values, whole), "\(layout) \(m)×\(n)×\(k) at \(rows) and \(columns)")
        }
      }
    }
  }

  @Test(arguments: KernelSet.all, Layout.allCases)
  func `a zero beta overwrites whatever C held, NaN included`(set: KernelSet, layout: Layout) {
    for k in [0, 5] {
      for isBiased in [false, true] {
        let product = Product(layout, 3, 21, k, isBiased: isBiased)
        #expect(product(set.tables.matrix.pointee).values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test(arguments: KernelSet.all)
  func `not-a-number in an operand reaches its row of the product, and no other`(set: KernelSet) {
    let product = Product(.nn, 3, 20, 4)
    product.a.base[5] = .nan
    let c = product(set.tables.matrix.pointee).values
    #expect(c[20..<40].allSatisfy { $0.isNaN })
    #expect((c[..<20] + c[40...]).allSatisfy { $0.isFinite })
  }

  @Test(arguments: KernelSet.all)
  func `sums of columns equal the reference and keep their order`(set: KernelSet) {
    for n in 0...140 {
      for (m, gap) in [(0, 0), (1, 1), (5, 2), (33, 3)] {
        let product = Product(.nn, m, 0, n, padding: gap, gap: gap)
        let (a, lda) = (product.a, n + gap)
        defer { withExtendedLifetime(a) {} }
        var noise = Noise(n)
        let sums = GuardedFloats(noise.array(n), gap: gap)
        var expected = sums.values
        for row in 0..<m {
          for column in 0..<n { expected[column] += a.base[row * lda + column] }
        }
        set.tables.matrix.pointee.add_columns(m, n, a.base, lda, sums.base)
        #expect(sums.values == expected && sums.isIntact, "\(m)×\(n)")
      }
    }
  }
}
