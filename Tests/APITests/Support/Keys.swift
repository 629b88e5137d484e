// Keys for tests, and what the service writes into its log.

import API
import Digest
import Synchronization
import Telemetry

extension Service {
  /// Keys of these names and scopes, with the header field that each is sent in.
  static func keys(
    _ scopes: [String: Set<Scope>], limits: KeyLimits = KeyLimits()
  ) -> (list: KeyList, fields: [String: (String, String)], ids: [String: String]) {
    var list = KeyList()
    var fields: [String: (String, String)] = [:]
    var ids: [String: String] = [:]
    for (name, scopes) in scopes {
      let key = APIKey()
      list.add(
        KeyEntry(key, name: name, scopes: scopes, createdAt: Timestamp(milliseconds: 0), limits: limits))
      fields[name] = ("Authorization", "Bearer \(key.secret.exposed)")
      ids[name] = key.id
    }
    return (list, fields, ids)
  }
}

extension KeyList {
  /// What a file has after one of its keys was removed.
  init(parsing text: [UInt8], without id: String) throws {
    self.init()
    for entry in try KeyList(parsing: text).entries where entry.id != id { add(entry) }
  }
}

extension Operation {
  /// A path that fits the template.
  var path: String {
    template.replacing("{id}", with: "job_" + String(repeating: "0", count: 26))
      .replacing("{name}", with: "relu").replacing("{code}", with: "not_found")
  }
}

/// A log whose lines are kept, from the level `trace` on.
final class LogLines: Sendable {
  private let kept = Mutex<[String]>([])
  private let format: LogFormat

  init(_ format: LogFormat = .text) { self.format = format }

  var lines: [String] { kept.withLock { $0 } }

  var logger: Logger {
    var logger = Logger(label: "test") { label in
      LineLogHandler(label: label, level: .trace, format: format, clock: SystemClock()) { [self] line in
        kept.withLock { $0.append(line) }
      }
    }
    logger.logLevel = .trace
    return logger
  }
}
