// Where the content of a request goes that is not held in memory as a whole.

/// Takes the content of one request while it arrives, no faster than it can.
public protocol ContentSink: AnyObject, Sendable {
  /// Takes the next octets, at least one.
  ///
  /// One call at a time. What arrives meanwhile goes into the next one, up to `ConnectionLimits.undelivered` octets; then the
  /// client is not read until most of it is taken, and no time runs against it. An error ends the body: nothing more is
  /// given. The task is cancelled when the connection ends.
  func take(_ bytes: [UInt8]) async throws

  /// The content will not be completed: the connection is lost, its framing is violated, or the client is too slow.
  ///
  /// Runs on the event loop: quick, without blocking. It comes once, perhaps while `take` runs, perhaps without any.
  func abandon()
}
