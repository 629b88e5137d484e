// What is counted and measured: counters, gauges and histograms, each safe from any thread and free of allocation.

import Synchronization

/// A number that only grows.
public final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  init() {}

  /// Adds to it. Lock-free.
  public func add(_ amount: Int = 1) { count.wrappingAdd(amount, ordering: .relaxed) }

  /// What it has come to.
  public var value: Int { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
public final class Gauge: Sendable {
  private let bits = Atomic<UInt64>(0)

  init() {}

  /// Sets it. Lock-free.
  public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  /// Adds to it. Lock-free.
  public func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, original) = bits.compareExchange(expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = original
    }
  }

  /// What it is now.
  public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}

/// How often a quantity fell into each of some ranges, and its sum.
public final class Histogram: Sendable {
  /// A consistent state: `counts` has one more entry than there are bounds, for what is above them all.
  struct State {
    var counts: [Int]
    var sum = 0.0
  }

  /// Upper bounds, ascending.
  let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    precondition(
      zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 } && bounds.allSatisfy(\.isFinite),
      "the bounds of a histogram are finite and ascend")
    self.bounds = bounds
    state = Mutex(State(counts: [Int](repeating: 0, count: bounds.count + 1)))
  }

  /// Counts one value. Under a lock of its own, for the time of a search among the bounds.
  public func observe(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  var snapshot: State { state.withLock { $0 } }

  /// Upper bounds in seconds for the time that requests take, as OpenTelemetry's conventions fix them.
  public static let requestSeconds = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ]
  /// Upper bounds in seconds for what takes from a millisecond to a day, such as training.
  public static let longSeconds = [0.01, 0.1, 1, 5, 30, 60, 300, 1800, 7200, 28_800, 86_400]
  /// Upper bounds in seconds for what takes from a millisecond to seconds, such as a handshake.
  public static let shortSeconds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Upper bounds in bytes for what is sent: powers of ten.
  public static let sizes = [100.0, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8]
  /// Upper bounds in seconds for what a disk does.
  public static let diskSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
}
