// Why a strategy's options cannot be used.

/// Every fault of a strategy's options at once. Never empty.
public struct StrategyError: Error, Sendable, Hashable {
  /// One thing that is wrong, and where.
  public struct Fault: Sendable, Hashable {
    /// The way to the faulty option: names and list indices, for example `["candidates", "1"]`; empty for the whole.
    public var path: [String]
    /// What is wrong, as the end of a sentence.
    public var detail: String

    /// A fault of the option at a path.
    public init(_ path: [String], _ detail: String) {
      self.path = path
      self.detail = detail
    }
  }

  /// In the order in which they were found.
  public var faults: [Fault]

  /// At least one fault.
  public init(_ faults: [Fault]) {
    self.faults = faults
  }
}
