// One thing wrong with a well-formed document, and the collector that gathers them all.

/// A place in a document and what is wrong there.
public struct Fault: Error, Sendable, Equatable {
  /// Where in the document.
  public var pointer: JSONPointer
  /// One sentence fragment for the document's author: "expected a number, got a string".
  public var detail: String

  /// A fault at a place.
  public init(pointer: JSONPointer, detail: String) {
    self.pointer = pointer
    self.detail = detail
  }
}

extension Fault: CustomStringConvertible {
  /// The place as a fragment, and what is wrong: "#/training/epochs: expected a number, got a string".
  public var description: String { "\(pointer.fragment): \(detail)" }
}

/// Gathers the faults of one document, so that its author hears of all of them at once.
///
/// A class, because the readers of nested objects report to the same one.
public final class FaultCollector {
  /// In the order of discovery, at most `maximum` of them: a hostile document must not grow its own answer.
  public private(set) var faults: [Fault] = []
  /// How many faults are kept; the rest is counted as nothing.
  public let maximum: Int

  /// A collector without faults.
  public init(maximum: Int = 1000) {
    self.maximum = maximum
  }

  /// Whether nothing was wrong.
  public var isEmpty: Bool { faults.isEmpty }
  /// Whether further faults are dropped; whoever would do much work to word one need not.
  public var isFull: Bool { faults.count >= maximum }

  /// Adds a fault, unless there are too many already.
  public func add(_ detail: String, at pointer: JSONPointer) {
    if isFull { return }
    faults.append(Fault(pointer: pointer, detail: detail))
  }
}
