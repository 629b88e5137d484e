// `products`: the rate of the three matrix products of training, by shape and instruction set.

import ArgumentParser
import CKernels

struct ProductsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Print GFLOP/s of C = A·B (nn), Aᵀ·B (tn) and A·Bᵀ (nt) by shape and instruction set.",
    discussion: """
      The peak of a set is its rate where everything lies in first-level cache. With --blas, the products that are not \
      the service's own are measured turn by turn with those of the best set, and the ratios of the times printed.
      """)

  @Option(help: "A shared library with cblas_sgemm to compare with, such as libopenblas.so.0.")
  var blas: String?
  @Argument(help: "Shapes as m,n,k; by default those of training's layers and some squares.")
  var shapes: [Shape] = [
    "1,64,64", "8,64,64", "64,128,64", "64,64,128", "64,10,64", "128,64,64", "64,64,10", "256,256,32",
    "256,256,256", "256,10,256", "32,256,256", "256,256,10", "64,64,64", "512,512,512",
  ].compactMap(Shape.init(argument:))

  func run() throws {
    let library = try blas.map(BLAS.init(path:))
    var index = 0
    print("set      m    n    k        nn       tn       nt   GFLOP/s on one core; peak")
    while let kernels = ck_kernels_at(index) {
      let matrix = kernels.pointee.matrix.pointee
      let name = padded(String(cString: kernels.pointee.name), 6)
      let peak = Self.peak(matrix)
      for shape in shapes {
        let sample = Sample(shape)
        let rates = Layout.allCases.map { layout in
          column(shape.operations / secondsPerCall { sample.multiply(matrix, layout) } * 1e-9)
        }
        print(name + shape.columns + "  " + rates.joined() + column(peak))
      }
      index += 1
    }
    guard let library, let kernels = ck_kernels_at(0) else { return }
    let name = String(cString: kernels.pointee.name)
    print("\ntime of \(name) over that of \(library.name)\n     m    n    k        nn       tn       nt")
    for shape in shapes {
      let sample = Sample(shape)
      let ratios = Layout.allCases.map { layout in
        column(
          ratioOfTimes(
            { sample.multiply(kernels.pointee.matrix.pointee, layout) }, { sample.multiply(library, layout) })
        )
      }
      print(" " + shape.columns + "  " + ratios.joined())
    }
  }

  /// The best rate of whole tiles on operands in first-level cache, in GFLOP/s.
  private static func peak(_ matrix: ck_matrix) -> Double {
    let shapes = ["24,64,64", "12,32,128", "24,32,128", "24,16,256", "12,64,96"]
    return shapes.compactMap(Shape.init(argument:)).map { shape in
      let sample = Sample(shape)
      return shape.operations / secondsPerCall { sample.multiply(matrix, .nn) } * 1e-9
    }.max() ?? .nan
  }
}

/// The sizes of a product: C is m×n, and each of its elements a sum of k terms.
struct Shape: ExpressibleByArgument {
  let m: Int
  let n: Int
  let k: Int

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard numbers.count == 3, numbers.allSatisfy({ (1...8192).contains($0) }) else { return nil }
    (m, n, k) = (numbers[0], numbers[1], numbers[2])
  }

  var defaultValueDescription: String { "\(m),\(n),\(k)" }

  /// Multiplications and additions.
  var operations: Double { 2 * Double(m * n * k) }

  var columns: String { [m, n, k].map { rightAligned(String($0), 5) }.joined() }
}

enum Layout: CaseIterable {
  case nn, tn, nt
}

/// The operands of one shape.
private final class Sample {
  let shape: Shape
  private let a: [Float]
  private let b: [Float]
  private var c: [Float]

  init(_ shape: Shape) {
    self.shape = shape
    a = (0..<shape.m * shape.k).map { Float($0 % 7) * 0.125 - 0.375 }
    b = (0..<shape.k * shape.n).map { Float($0 % 5) * 0.25 - 0.5 }
    c = [Float](repeating: 0, count: shape.m * shape.n)
  }

  func multiply(_ matrix: ck_matrix, _ layout: Layout) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    switch layout {
    case .nn: matrix.gemm_nn(m, n, k, a, k, b, n, 0, nil, &c, n)
    case .tn: matrix.gemm_tn(m, n, k, a, m, b, n, 0, nil, &c, n)
    case .nt: matrix.gemm_nt(m, n, k, a, k, b, k, 0, nil, &c, n)
    }
  }

  func multiply(_ blas: BLAS, _ layout: Layout) {
    let (m, n, k) = (Int32(shape.m), Int32(shape.n), Int32(shape.k))
    let (rowMajor, asStored, transposed) = (Int32(101), Int32(111), Int32(112))
    switch layout {
    case .nn: blas.multiply(rowMajor, asStored, asStored, m, n, k, 1, a, k, b, n, 0, &c, n)
    case .tn: blas.multiply(rowMajor, transposed, asStored, m, n, k, 1, a, m, b, n, 0, &c, n)
    case .nt: blas.multiply(rowMajor, asStored, transposed, m, n, k, 1, a, k, b, k, 0, &c, n)
    }
  }
}

/// A number with two digits after the point, in a column of nine characters.
func column(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let fraction = String(hundredths % 100)
  return rightAligned("\(hundredths / 100).\(fraction.count == 1 ? "0" : "")\(fraction)", 9)
}

func rightAligned(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}
