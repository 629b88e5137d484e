// Specifications of layers and rows with shapes that cannot be trained: each gets exactly its own faults, and none that
// follows from them.

import Testing
import Training

/// A document and what is wrong with it.
struct BadSpecification: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var document: String
  /// Beside the document.
  var csv: String?
  var limits = TrainingLimits()
  /// Places, each with a part of its sentence.
  var expected: [(place: String, part: String)]

  /// - Parameters:
  ///   - data: the members of `data`.
  ///   - layers: nil: the document has no `model`.
  ///   - more: further members of the document.
  init(
    _ name: String, _ data: String, _ layers: String?, more: String = "",
    activation: String = #""tanh""#, csv: String? = nil, limits: TrainingLimits = .init(),
    _ expected: (String, String)...
  ) {
    testDescription = name
    let model = layers.map { #", "model": {"layers": \#($0)}"# } ?? ""
    document =
      #"{"data": {\#(data)}, "activation": \#(activation)\#(model)\#(more.isEmpty ? "" : ", " + more)}"#
    self.csv = csv
    self.limits = limits
    self.expected = expected.map { (place: $0.0, part: $0.1) }
  }
}

/// Rows of each shape, as members of `data`.
enum Rows {
  static let vectors = data(nested([6, 4]))
  static let sequences = data(nested([6, 3, 2]))
  static let images = data(nested([6, 4, 4, 1]))
  static let tokens = data("[[1, 2, 3], [4, 5], [6, 7, 8], [1, 1], [2], [3, 3, 0]]")
  static let ragged = data("[[[1], [2], [3]], [[4]], [[5], [6]], [[7], [8]], [[9]], [[1], [0], [2]]]")
  static let series = "a,b\n" + (0..<12).map { "\($0 % 5),\($0 * $0 % 7)\n" }.joined()

  static func data(_ inputs: String, targets: String = "[0.5, 1, 2.5, 3, 1.5, 2]") -> String {
    #""inputs": \#(inputs), "targets": \#(targets)"#
  }

  /// Arrays within arrays, of numbers that differ.
  static func nested(_ sizes: [Int], from start: Int = 0) -> String {
    guard let size = sizes.first else { return "\(start * start % 17)" }
    let inner = Array(sizes.dropFirst())
    let parts = (0..<size).map { nested(inner, from: start * 3 + $0 * 7 + 1) }
    return "[\(parts.joined(separator: ", "))]"
  }
}

@Suite struct BadSpecificationTests {
  @Test(arguments: BadSpecification.layers + BadSpecification.rows)
  func `every fault is at its place and there is no other`(specification: BadSpecification) throws {
    let found = try faults(specification.document, csv: specification.csv, limits: specification.limits)
    #expect(found.map { String($0.prefix { $0 != ":" }) } == specification.expected.map(\.place), "\(found)")
    for (fault, expected) in zip(found, specification.expected) {
      #expect(fault.contains(expected.part), "\(fault)")
    }
  }

  @Test func `there are sixty and more`() {
    let all = BadSpecification.layers + BadSpecification.rows
    #expect(all.count >= 60 && Set(all.map(\.document)).count == all.count)
  }
}
