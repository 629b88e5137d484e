// Another library's matrix product, loaded while the program runs so that nothing depends on it.

import ArgumentParser
import Glibc

/// A library with the C interface of BLAS.
struct BLAS {
  /// `cblas_sgemm`: order, two transpositions, m, n, k, α, A and its stride, B and its stride, β, C and its stride.
  typealias Multiply =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32, UnsafePointer<Float>,
      Int32,
      Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  /// What it says of itself, or its file's name.
  let name: String
  let multiply: Multiply

  /// Loads the library and keeps it to one thread, if it can be told.
  init(path: String) throws {
    guard let library = dlopen(path, RTLD_NOW) else { throw ValidationError(String(cString: dlerror())) }
    guard let product = dlsym(library, "cblas_sgemm") else {
      throw ValidationError("\(path) has no cblas_sgemm")
    }
    multiply = unsafeBitCast(product, to: Multiply.self)
    if let function = dlsym(library, "openblas_set_num_threads") {
      unsafeBitCast(function, to: (@convention(c) (Int32) -> Void).self)(1)
    }
    if let function = dlsym(library, "openblas_get_config") {
      name = String(
        cString: unsafeBitCast(function, to: (@convention(c) () -> UnsafePointer<CChar>).self)())
    } else {
      name = path
    }
  }
}
