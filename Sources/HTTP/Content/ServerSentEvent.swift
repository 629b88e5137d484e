// Events as text/event-stream has them.

/// One event of a stream (WHATWG HTML §9.2.6).
public struct ServerSentEvent: Sendable, Equatable {
  /// What the client sends as `Last-Event-ID` when it comes back; nil keeps the last one.
  public var id: String?
  /// The event's name.
  public var type: String
  /// The content; each of its lines becomes a `data` line.
  public var data: String

  /// An event of these parts, of which `id` and `type` have no line ends.
  public init(id: String?, type: String, data: String) {
    self.id = id
    self.type = type
    self.data = data
  }

  /// The octets, the blank line that dispatches it included.
  public var bytes: [UInt8] {
    var text = ""
    if let id { text += "id: \(id)\n" }
    text += "event: \(type)\n"
    for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      text += "data: \(line)\n"
    }
    return Array((text + "\n").utf8)
  }

  /// A line that clients pass over: a sign of life.
  public static func comment(_ text: String = "") -> [UInt8] { Array(": \(text)\n\n".utf8) }

  /// How long a client is to wait before it comes back, in milliseconds.
  public static func retry(milliseconds: Int) -> [UInt8] { Array("retry: \(milliseconds)\n\n".utf8) }
}
