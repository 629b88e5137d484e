// What the application says about an exchange for the log and the metrics.

/// What only the application knows of a request; it travels with the response, unseen by the client.
public struct ExchangeNote: Sendable, Hashable {
  /// The name of the operation.
  public var operation: String
  /// The template of its path.
  public var route: String
  /// The trace that the request belongs to, as 32 hexadecimal digits.
  public var traceID: String?

  /// A note about one request.
  public init(operation: String, route: String, traceID: String? = nil) {
    self.operation = operation
    self.route = route
    self.traceID = traceID
  }

  /// The name of the operation, and of its route, where there is none.
  public static let unmatched = "unmatched"
}

/// An operation as the metrics name it.
public struct RouteDescription: Sendable, Hashable {
  /// The name of the operation.
  public var operation: String
  /// The method that it answers.
  public var method: String
  /// The template of its path.
  public var route: String
  /// The statuses of its success.
  public var successes: [Int]

  /// One operation.
  public init(operation: String, method: String, route: String, successes: [Int]) {
    self.operation = operation
    self.method = method
    self.route = route
    self.successes = successes
  }
}
