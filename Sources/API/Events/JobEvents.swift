// What a reader of a job's events is told next, from where the reader stands and how the job is.

import JSON
import Jobs
import Telemetry
import Training

/// The kinds of events; `openapi.yaml` describes their data.
enum EventType: String, CaseIterable {
  case status, warning, metrics, queue, activations, resync, end

  /// Without `activations`, which costs computing and is asked for by name.
  static let usual: Set<EventType> = Set(allCases).subtracting([.activations])
}

/// One event on its way to a reader.
struct OutgoingEvent {
  /// Where the reader stands after it; nil where it is only about the moment.
  var id: EventCursor?
  var type: EventType
  var data: JSONObject

  /// All of it as one object, as pages and lines have it.
  ///
  /// - Parameters: as ``EventFormat/bytes(_:id:job:)`` has them.
  func document(id: String?, job: String?) -> JSONObject {
    var document: JSONObject = ["id": JSONValue(id), "type": .string(type.rawValue)]
    if let job { document["job_id"] = .string(job) }
    for (name, value) in data.pairs { document[name] = value }
    return document
  }
}

extension JobMoment {
  /// Whether a reader who stands there has seen all there will ever be.
  func isAtEnd(_ cursor: EventCursor) -> Bool {
    guard let last = events.last, last.isEnd else { return false }
    return cursor == EventCursor(sequence: last.sequence, epoch: lastEpoch)
  }

  private var lastEpoch: Int { series?.epochs.last ?? 0 }

  /// Whether a reader who stands there has read of another history: the data directory was replaced, or the reader invents.
  private func isBeyond(_ cursor: EventCursor) -> Bool {
    cursor.sequence > events.last?.sequence ?? 0 || (events.last?.isEnd == true && cursor.epoch > lastEpoch)
  }

  /// Where a reader stands who has seen all that is behind `cursor`.
  func place(after cursor: EventCursor) -> EventCursor {
    let start = isBeyond(cursor) ? EventCursor() : cursor
    return EventCursor(
      sequence: max(start.sequence, events.last?.sequence ?? 0), epoch: max(start.epoch, lastEpoch))
  }

  /// The events behind `cursor`: what was said of the job but its end, the epochs since, the end. However far behind the
  /// reader is, the epochs come in one event.
  func events(after cursor: EventCursor) -> [OutgoingEvent] {
    var cursor = cursor
    var told: [OutgoingEvent] = []
    if isBeyond(cursor) {
      cursor = EventCursor()
      told.append(OutgoingEvent(id: nil, type: .resync, data: ["from_epoch": 0]))
    }
    for event in events where event.sequence > cursor.sequence && !event.isEnd {
      cursor.sequence = event.sequence
      told.append(outgoing(event, cursor))
    }
    if let series, lastEpoch > cursor.epoch {
      let document = series.document(names: nil, fromEpoch: cursor.epoch + 1, maximumPoints: nil)
      cursor.epoch = lastEpoch
      var data: JSONObject = [:]
      for member in ["epochs", "series"] { data[member] = document[member] ?? .null }
      data["progress"] = job.progress ?? .null
      told.append(OutgoingEvent(id: cursor, type: .metrics, data: data))
    }
    if let end = events.last, end.isEnd, end.sequence > cursor.sequence {
      cursor.sequence = end.sequence
      told.append(
        OutgoingEvent(
          id: cursor, type: .end, data: ["status": .string(job.status.rawValue), "job": job.document]))
    }
    return told
  }

  private func outgoing(_ event: JobEvent, _ cursor: EventCursor) -> OutgoingEvent {
    switch event.kind {
    case .warning(let document):
      OutgoingEvent(id: cursor, type: .warning, data: document.objectValue ?? [:])
    case .status(let status, let attempt):
      OutgoingEvent(
        id: cursor, type: .status,
        data: [
          "status": .string(status.rawValue), "attempt": .integer(attempt),
          "queue_position": status == .queued && event == events.last ? JSONValue(job.queuePosition) : .null,
          "resumed_from_epoch": .null, "at": .string(event.at.rfc3339),
        ])
    }
  }
}
