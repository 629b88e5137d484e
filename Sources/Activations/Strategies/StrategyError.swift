// Why a strategy's options cannot be used.

/// Every fault of a strategy's options at once. Never empty.
public struct StrategyError: Error, Sendable, Hashable {
  public struct Fault: Sendable, Hashable {
    /// The way to the faulty option: names and list indices, for example `["candidates", "1"]`; empty for the whole.
    public var path: [String]
    public var detail: String

    public init(_ path: [String], _ detail: String) {
      self.path = path
      self.detail = detail
    }
  }

  public var faults: [Fault]

  public init(_ faults: [Fault]) {
    self.faults = faults
  }
}
