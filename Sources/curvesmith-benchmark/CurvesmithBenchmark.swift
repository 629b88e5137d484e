// The benchmarks' command line: whole workloads beside their peers, and the kernels one by one.

import ArgumentParser

/// `curvesmith-benchmark`: a development tool, not part of the product.
@main
struct CurvesmithBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curvesmith-benchmark",
    abstract: "Measures training, matrix products, element-wise functions and decoding on this machine.",
    subcommands: [TrainCommand.self, ProductsCommand.self, ElementsCommand.self, DecodeCommand.self])
}

/// What a benchmark cannot do with what it was given.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
