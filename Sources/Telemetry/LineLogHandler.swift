// The swift-log back end: formats each event as one line and writes it to standard error in one piece.

import Glibc
public import Logging

/// A log handler that gives each event's line to `write`.
package struct LineLogHandler: LogHandler {
  /// The least level that is written.
  package var logLevel: Logger.Level
  /// What stands in every line.
  package var metadata: Logger.Metadata = [:]
  /// What stands in a line at the time of its event.
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let format: LogFormat
  private let clock: any WallClock
  private let write: @Sendable (String) -> Void

  /// A handler that writes lines of one format.
  package init(
    label: String, level: Logger.Level, format: LogFormat, clock: any WallClock,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.logLevel = level
    self.format = format
    self.clock = clock
    self.write = write
  }

  /// One of `metadata`.
  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the event as one line; its own metadata win over the handler's.
  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() {
      all.merge(provided) { _, new in new }
    }
    if let own = event.metadata {
      // Mostly the event's own are all.
      if all.isEmpty { all = own } else { all.merge(own) { _, new in new } }
    }
    if let error = event.error {
      all["error"] = .string(String(describing: error))
    }
    write(
      format.line(
        at: clock.now(), level: event.level, label: label, message: event.message.description, metadata: all))
  }
}

/// Writes text with one `write(2)`, so that lines of several threads do not mix; text that fails is lost.
package func writeToStandardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    while write(STDERR_FILENO, bytes.baseAddress, bytes.count) < 0 && errno == EINTR {}
  }
}

/// Sends the log of the whole process to standard error. Call it once, before the first `Logger` is made.
public func bootstrapLogging(level: Logger.Level, format: LogFormat) {
  LoggingSystem.bootstrap { label in
    LineLogHandler(
      label: label, level: level, format: format, clock: SystemClock(), write: writeToStandardError)
  }
}
