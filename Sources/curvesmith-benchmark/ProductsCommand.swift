// `products`: the rate of the three matrix products of training, by shape and instruction set.

import ArgumentParser
import CKernels

struct ProductsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products",
    abstract: "Print GFLOP/s of C = A·B (nn), Aᵀ·B (tn) and A·Bᵀ (nt) by shape and instruction set.")

  @Argument(help: "Shapes as m,n,k; by default those of training's layers and some squares.")
  var shapes: [String] = [
    "1,64,64", "8,64,64", "64,128,64", "64,64,128", "64,10,64", "256,256,32", "256,256,256", "256,10,256",
    "32,256,256", "256,32,256", "64,64,64", "512,512,512",
  ]

  func run() throws {
    print("set      m    n    k        nn       tn       nt   GFLOP/s on one core")
    for shape in shapes {
      let numbers = shape.split(separator: ",").compactMap { Int($0) }
      guard numbers.count == 3, numbers.allSatisfy({ (1...8192).contains($0) }) else {
        throw ValidationError("a shape is m,n,k, each from 1 to 8192: \(shape)")
      }
      let (m, n, k) = (numbers[0], numbers[1], numbers[2])
      let a = (0..<m * k).map { Float($0 % 7) * 0.125 - 0.375 }
      let b = (0..<k * n).map { Float($0 % 5) * 0.25 - 0.5 }
      var c = [Float](repeating: 0, count: m * n)
      var index = 0
      while let kernels = ck_kernels_at(index) {
        let matrix = kernels.pointee.matrix.pointee
        func rate(_ product: () -> Void) -> String {
          column(2e-9 * Double(m * n * k) / secondsPerCall(product))
        }
        let nn = rate { matrix.gemm_nn(m, n, k, a, k, b, n, 0, nil, &c, n) }
        let tn = rate { matrix.gemm_tn(m, n, k, a, m, b, n, 0, nil, &c, n) }
        let nt = rate { matrix.gemm_nt(m, n, k, a, k, b, k, 0, nil, &c, n) }
        print(
          padded(String(cString: kernels.pointee.name), 6)
            + numbers.map { rightAligned(String($0), 5) }.joined()
            + "  " + nn + tn + nt)
        index += 1
      }
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
