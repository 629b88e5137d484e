// What the server counts about the exchanges of one operation.

import HTTP
import Synchronization
import Telemetry

/// Counts by status, and times by method and status.
///
/// The counters are there from the start. The times of an answer are there from its first occurrence on: with every status
/// that may come they would be ten times the text, and a rate is seen in the counters.
final class OperationMetrics: Sendable {
  private struct Key: Hashable {
    var status: Int
    var method: Int
  }

  private struct Found {
    var request: Counter
    var duration: Histogram
  }

  /// How much is asked and answered, by method and route.
  struct Sizes {
    var requests: MetricFamily<Histogram>
    var responses: MetricFamily<Histogram>
  }

  /// Methods by which exchanges are told apart; any other is the last.
  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "_OTHER"]

  private let operation: String
  private let route: String
  private let requests: MetricFamily<Counter>
  private let durations: MetricFamily<Histogram>
  /// Nil for an operation that takes no content.
  private let requestSize: Histogram?
  private let responseSize: Histogram
  private let found = Mutex<[Key: Found]>([:])

  init(
    _ description: RouteDescription, statuses: [Int], _ requests: MetricFamily<Counter>,
    _ durations: MetricFamily<Histogram>, _ sizes: Sizes
  ) {
    operation = description.operation
    route = description.route
    self.requests = requests
    self.durations = durations
    let method = description.operation == ExchangeNote.unmatched ? "_OTHER" : description.method
    requestSize = method == "GET" ? nil : sizes.requests.with(method, route)
    responseSize = sizes.responses.with(method, route)
    for status in statuses { requests.with(operation, "\(status)") }
    for status in description.successes { durations.with(description.method, route, "\(status)") }
  }

  func observe(_ exchange: ServerConnection.Exchange, seconds: Double) {
    let status = exchange.status
    let key = Key(
      status: status,
      method: exchange.method.flatMap { Self.methods.firstIndex(of: $0) } ?? Self.methods.count - 1)
    let metrics = found.withLock { found in
      if let known = found[key] { return known }
      let new = Found(
        request: requests.with(operation, "\(status)"),
        duration: durations.with(Self.methods[key.method], route, "\(status)"))
      found[key] = new
      return new
    }
    metrics.request.add()
    metrics.duration.observe(seconds)
    requestSize?.observe(Double(exchange.receivedBody))
    // Of HEAD there is none, and it would only hide how large the answers are.
    if exchange.method != "HEAD" { responseSize.observe(Double(exchange.sent - exchange.sentHead)) }
  }
}
