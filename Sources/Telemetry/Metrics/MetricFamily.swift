// One name of the exposition with all that is counted under it, told apart by labels.

import Synchronization

/// The metrics of one name; each has other values of the family's labels.
///
/// Look-ups compare label texts: whoever counts often looks up once and keeps the metric.
public final class MetricFamily<Metric: Sendable>: Sendable {
  private struct Child {
    var values: [String]
    var metric: Metric
  }

  private let labels: [String]
  private let make: @Sendable () -> Metric
  private let children = Mutex<[Child]>([])

  init(labels: [String], make: @escaping @Sendable () -> Metric) {
    self.labels = labels
    self.make = make
  }

  /// The metric with these values of the labels, which is created at zero if there was none: at start for all that can
  /// come, so that a rate sees the first event.
  ///
  /// The values come from a bounded set: never from a client.
  @discardableResult
  public func with(_ values: String...) -> Metric { with(values) }

  /// The same, for values in an array.
  @discardableResult
  public func with(_ values: [String]) -> Metric {
    precondition(values.count == labels.count, "a metric has a value for each of its labels")
    return children.withLock { children in
      if let child = children.first(where: { $0.values == values }) { return child.metric }
      let metric = make()
      children.append(Child(values: values, metric: metric))
      return metric
    }
  }

  /// The metrics with their labels as they are written, without braces.
  var all: [(labels: String, metric: Metric)] {
    children.withLock { $0 }.map { child in
      let pairs = zip(labels, child.values).map { "\($0)=\"\(MetricsText.escaped($1, quotes: true))\"" }
      return (pairs.joined(separator: ","), child.metric)
    }
  }
}
