// The audit log: who has changed what, and who was kept out, one line for each.

/// Something that an owner may have to account for.
public struct AuditEvent: Sendable, Equatable {
  /// What was done or wanted: the name of an operation, `start`, `stop`, `reload`, `addKey` and the like.
  public var action: String
  /// What came of it: the status of the answer, `done` or `failed`.
  public var outcome: String
  /// What it was done to.
  public var target: String?
  /// The identifier of the key that asked, never the key.
  public var principal: String?
  /// The label of that key.
  public var name: String?
  /// The address that it came from.
  public var peer: String?
  /// The identifier of the request.
  public var requestID: String?
  /// The trace of the request.
  public var traceID: String?
  /// Why it came to nothing.
  public var reason: String?

  /// An event without circumstances.
  public init(_ action: String, outcome: String = "done", target: String? = nil, reason: String? = nil) {
    self.action = action
    self.outcome = outcome
    self.target = target
    self.reason = reason
  }
}

/// Writes events as lines of a log, at level `notice`, with one member for each that there is to tell.
public struct AuditLog: Sendable {
  private let log: Logger

  /// - Parameter log: gets the lines; the label `audit` tells them from others.
  public init(_ log: Logger) { self.log = log }

  /// Tells nobody.
  public static var none: AuditLog {
    AuditLog(Logger(label: "audit") { _ in SwiftLogNoOpLogHandler() })
  }

  /// Lines of JSON in a file.
  package init(_ file: LogFile, clock: any WallClock) {
    log = Logger(label: "audit") { label in
      LineLogHandler(label: label, level: .notice, format: .json, clock: clock) { file.write($0) }
    }
  }

  /// Writes a line. It is with the system when this returns.
  public func record(_ event: AuditEvent) {
    let members = [
      ("event", "audit"), ("action", event.action), ("outcome", event.outcome), ("target", event.target),
      ("principal", event.principal), ("name", event.name), ("peer", event.peer),
      ("request_id", event.requestID), ("trace_id", event.traceID), ("reason", event.reason),
    ]
    let metadata = members.compactMap { name, value in value.map { (name, Logger.MetadataValue.string($0)) } }
    log.notice("\(event.action)", metadata: Logger.Metadata(uniqueKeysWithValues: metadata))
  }
}
