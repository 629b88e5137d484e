// What the parser says about some octets, as lines of text that do not depend on how the octets were cut.

import HTTP
import HTTPTypes
import Testing

/// Feeds `portions` to a parser and logs its events: `GET /x`, `field name=value`, `body …`, `end`, `error code`.
///
/// Adjacent body portions are joined, since their borders follow the input's.
func parserLog(
  _ portions: [[UInt8]], limits: ConnectionLimits = ConnectionLimits(), maximumBody: Int = 1 << 20
) -> [String] {
  var parser = RequestParser(limits: limits)
  var log: [String] = []
  var body: [UInt8] = []
  func flushBody() {
    if !body.isEmpty { log.append("body \(text(body))") }
    body = []
  }
  for portion in portions {
    parser.append(portion)
    do throws(ProtocolError) {
      reading: while true {
        switch try parser.next() {
        case .needMore:
          break reading
        case .head(let head):
          log.append("\(head.request.method) \(head.request.path ?? "")")
          if head.request.authority != "h" { log.append("authority \(head.request.authority ?? "none")") }
          if !head.isHTTP11 { log.append("HTTP/1.0") }
          if !head.isPersistent { log.append("close") }
          if head.expectsContinue { log.append("expects continue") }
          if head.framing != .none { log.append("\(head.framing)") }
          for field in head.request.headerFields { log.append("field \(field.name)=\(field.value)") }
          try parser.limitBody(to: maximumBody)
        case .body(let bytes):
          body += bytes
        case .end(let trailers):
          flushBody()
          for field in trailers { log.append("trailer \(field.name)=\(field.value)") }
          log.append("end")
        }
      }
    } catch {
      flushBody()
      log.append("error \(error.code)")
      return log
    }
  }
  flushBody()
  if !parser.isBetweenRequests { log.append("more") }
  return log
}

/// One example of the parser's behaviour.
struct ParserFixture: Sendable, CustomTestStringConvertible {
  /// Section and sentence that it proves.
  var rule: String
  /// The input; `~` is CR LF.
  var input: String
  /// The expected log.
  var log: [String]

  init(_ rule: String, _ input: String, _ log: String...) {
    self.rule = rule
    self.input = input
    self.log = log
  }

  var testDescription: String { rule }
}
