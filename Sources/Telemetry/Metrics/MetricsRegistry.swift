// All metrics of a process, in the order in which they were registered.

import Synchronization

/// Where metrics are registered, once each, and read all together.
public final class MetricsRegistry: Sendable {
  /// One name with how its metrics are read.
  struct Entry: Sendable {
    enum Kind: String { case counter, gauge, histogram }
    enum Sample {
      case number(Double)
      case count(Int)
      case histogram(bounds: [Double], Histogram.State)
    }

    var name: String
    var help: String
    var kind: Kind
    var read: @Sendable () -> [(labels: String, sample: Sample)]

    /// The family's name in OpenMetrics: a counter's without its ending.
    var openName: String { kind == .counter ? String(name.dropLast("_total".count)) : name }
  }

  private let entries = Mutex<[Entry]>([])

  /// A registry without metrics.
  public init() {}

  /// Counters of one name, by labels. The name ends in `_total`.
  public func counters(_ name: String, _ help: String, labels: [String]) -> MetricFamily<Counter> {
    precondition(name.hasSuffix("_total"), "the name of a counter ends in _total")
    let family = MetricFamily(labels: labels) { Counter() }
    add(name, help, .counter) { family.all.map { ($0.labels, .count($0.metric.value)) } }
    return family
  }

  /// One counter.
  public func counter(_ name: String, _ help: String) -> Counter { counters(name, help, labels: []).with() }

  /// A counter that is read when it is asked for; nil is no sample.
  public func counter(_ name: String, _ help: String, read: @escaping @Sendable () -> Double?) {
    precondition(name.hasSuffix("_total"), "the name of a counter ends in _total")
    add(name, help, .counter) { read().map { [("", .number($0))] } ?? [] }
  }

  /// Gauges of one name, by labels.
  public func gauges(_ name: String, _ help: String, labels: [String]) -> MetricFamily<Gauge> {
    let family = MetricFamily(labels: labels) { Gauge() }
    add(name, help, .gauge) { family.all.map { ($0.labels, .number($0.metric.value)) } }
    return family
  }

  /// One gauge.
  public func gauge(_ name: String, _ help: String) -> Gauge { gauges(name, help, labels: []).with() }

  /// A gauge that is read when it is asked for; nil is no sample.
  public func gauge(_ name: String, _ help: String, read: @escaping @Sendable () -> Double?) {
    add(name, help, .gauge) { read().map { [("", .number($0))] } ?? [] }
  }

  /// Histograms of one name, by labels.
  public func histograms(
    _ name: String, _ help: String, labels: [String], bounds: [Double]
  ) -> MetricFamily<Histogram> {
    let family = MetricFamily(labels: labels) { Histogram(bounds: bounds) }
    add(name, help, .histogram) {
      family.all.map { ($0.labels, .histogram(bounds: bounds, $0.metric.snapshot)) }
    }
    return family
  }

  /// One histogram.
  public func histogram(_ name: String, _ help: String, bounds: [Double]) -> Histogram {
    histograms(name, help, labels: [], bounds: bounds).with()
  }

  /// Everything, as text. Linear in the metrics.
  public func text(_ format: MetricsFormat = .prometheus) -> [UInt8] {
    MetricsText.write(entries.withLock { $0 }, format)
  }

  private func add(
    _ name: String, _ help: String, _ kind: Entry.Kind,
    _ read: @escaping @Sendable () -> [(labels: String, sample: Entry.Sample)]
  ) {
    entries.withLock { entries in
      let entry = Entry(name: name, help: help, kind: kind, read: read)
      // OpenMetrics has `x` and `x_total` in one family.
      precondition(
        !entries.contains { $0.openName == entry.openName }, "the metric \(name) is registered twice")
      entries.append(entry)
    }
  }
}
