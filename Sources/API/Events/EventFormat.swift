// The ways in which events are written while they happen.

import HTTP
import JSON

/// How a stream of events is written, by its media type.
enum EventFormat: String, Sendable {
  case serverSent = "text/event-stream"
  /// A JSON object a line; the same under two names.
  case lines = "application/x-ndjson"
  case jsonLines = "application/jsonl"

  /// The octets of an event.
  ///
  /// - Parameters:
  ///   - id: how the reader's place behind it is written; nil where the event is only about the moment.
  ///   - job: the identifier of the job, where the stream is of several.
  func bytes(_ event: OutgoingEvent, id: String?, job: String?) -> [UInt8] {
    switch self {
    case .serverSent:
      var data = event.data
      if let job { data["job_id"] = .string(job) }
      let text = String(decoding: JSONValue.object(data).serialized(), as: UTF8.self)
      return ServerSentEvent(id: id, type: event.type.rawValue, data: text).bytes
    case .lines, .jsonLines:
      return JSONValue.object(event.document(id: id, job: job)).serialized() + [0x0A]
    }
  }

  /// What shows at once, and to proxies on the way, that the stream lives.
  func greeting(_ name: String) -> [UInt8] {
    switch self {
    case .serverSent: Array("retry: 3000\n: \(name)\n\n".utf8)
    case .lines, .jsonLines: []
    }
  }

  /// A sign of life.
  func heartbeat(at moment: String) -> [UInt8] {
    switch self {
    case .serverSent: ServerSentEvent.comment()
    case .lines, .jsonLines: Array("{\"type\":\"heartbeat\",\"at\":\"\(moment)\"}\n".utf8)
    }
  }

  /// The last words of a service that shuts down: clients come back at different times.
  func farewell() -> [UInt8] {
    switch self {
    case .serverSent:
      Array(": shutting down\nretry: \(1000 + Int.random(in: 0...4000))\n\n".utf8)
    case .lines, .jsonLines: []
    }
  }
}
