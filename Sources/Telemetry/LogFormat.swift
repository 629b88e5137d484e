// The two line formats of the log: text for people, JSON lines for machines.

import Logging

/// How one log event becomes one line.
public enum LogFormat: String, Sendable, CaseIterable {
  /// `2026-01-01T00:00:00.000Z info  server: listening port=8080`
  case text
  /// `{"ts":"…","level":"info","logger":"server","message":"listening","port":"8080"}`
  case json
}

extension LogFormat {
  /// Bytes of a line behind which no more metadata are begun: a key and a value of 2 KiB each fit behind them.
  private static let room = 8192 - 2 * (longestText + 64)

  /// The line of one event, ending with LF and free of any other control character.
  ///
  /// At most 8 KiB: a text of more than 2 KiB is cut, and metadata beyond are left out. Numbers and truth values are
  /// bare in JSON. Metadata stand in the order of their keys. In JSON they are members beside the fixed ones; a key that
  /// would repeat a fixed member's name gets a leading underscore.
  func line(
    at time: Timestamp, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata
  ) -> String {
    let pairs = metadata.sorted { $0.key < $1.key }
    var line = ""
    line.reserveCapacity(512)
    switch self {
    case .text:
      line +=
        "\(time.rfc3339) \(level)\(String(repeating: " ", count: max(0, 8 - level.rawValue.utf8.count))) "
      appendEscaped("\(label): \(message)", quoted: false, to: &line)
      for (key, value) in pairs where line.utf8.count < Self.room {
        let text = value.description
        line += " "
        appendEscaped(key, quoted: !standsBare(key), to: &line)
        line += "="
        appendEscaped(text, quoted: !standsBare(text), to: &line)
      }
    case .json:
      line += "{\"ts\":\"\(time.rfc3339)\",\"level\":\"\(level)\",\"logger\":"
      appendEscaped(label, quoted: true, to: &line)
      line += ",\"message\":"
      appendEscaped(message, quoted: true, to: &line)
      for (key, value) in pairs where line.utf8.count < Self.room {
        line += ","
        let isFixed = ["ts", "level", "logger", "message"].contains(key)
        appendEscaped(isFixed ? "_\(key)" : key, quoted: true, to: &line)
        line += ":"
        if let bare = value.bareJSON {
          line += bare
        } else {
          appendEscaped(value.description, quoted: true, to: &line)
        }
      }
      line += "}"
    }
    line += "\n"
    return line
  }
}

extension Logger.MetadataValue {
  /// The value as JSON writes it without quotation marks, if it is a finite number or a truth value.
  fileprivate var bareJSON: String? {
    guard case .stringConvertible(let value) = self else { return nil }
    switch value {
    case let number as Int: return "\(number)"
    case let number as any BinaryInteger: return "\(number)"
    case let number as Double where number.isFinite: return "\(number)"
    case let truth as Bool: return "\(truth)"
    default: return nil
    }
  }
}
