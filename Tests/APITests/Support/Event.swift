// Events as a client reads them.

import JSON

/// One event.
struct Event {
  var id: String?
  var type: String
  var data: JSONValue

  var epochs: [Int] { data["epochs"]?.arrayValue?.compactMap(\.intValue) ?? [] }
}

/// Reads text/event-stream as WHATWG HTML §9.2.6 says; what is not ended by a blank line is left.
func read(_ text: String) -> [Event] {
  text.split(separator: "\n\n", omittingEmptySubsequences: false).dropLast().compactMap { block in
    var event = Event(id: nil, type: "message", data: .null)
    for line in block.split(separator: "\n") {
      if let id = line.wholeMatch(of: /id: (.*)/) { event.id = String(id.1) }
      if let type = line.wholeMatch(of: /event: (.*)/) { event.type = String(type.1) }
      if let data = line.wholeMatch(of: /data: (.*)/) {
        event.data = (try? JSONParser.parse(Array(data.1.utf8))) ?? .null
      }
    }
    return event.data == .null ? nil : event
  }
}

/// Reads a JSON object a line.
func read(lines text: String) -> [Event] {
  text.split(separator: "\n").compactMap { line in
    guard let data = try? JSONParser.parse(Array(line.utf8)), let type = data["type"]?.stringValue else {
      return nil
    }
    return Event(id: data["id"]?.stringValue, type: type, data: data)
  }
}
