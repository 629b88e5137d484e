// Responses to octets: exactly one framing, and no way for a value to break out of its line.

package import HTTPTypes

/// Writes HTTP/1.1 responses (RFC 9112 §4, §6, §7.1).
package enum ResponseEncoder {
  /// What the response says about the connection's future (RFC 9112 §9.3).
  package enum Persistence: Sendable, Hashable {
    /// It stays open, as HTTP/1.1 assumes: no field.
    case persistent
    /// It stays open although the client speaks HTTP/1.0: `Connection: keep-alive`.
    case keepAlive
    /// It closes after this response: `Connection: close`.
    case close
  }

  /// How the receiver finds the end of the content (RFC 9112 §6.3).
  package enum Framing: Sendable, Hashable {
    /// By status or method alone; no framing field.
    case none
    /// `Content-Length`.
    case length(Int)
    /// `Transfer-Encoding: chunked`; never to HTTP/1.0.
    case chunked
    /// By the end of the connection, which must close.
    case untilClose

    /// The framing of content whose length is not known when it begins.
    package static func stream(isHTTP11: Bool) -> Framing { isHTTP11 ? .chunked : .untilClose }
  }

  /// The interim response that asks for the body (RFC 9110 §15.2.1).
  package static let continueResponse = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// A whole response, its content apart so that it need not be copied; of a stream the head alone, as HEAD has it.
  ///
  /// - Parameters:
  ///   - isHead: The request was HEAD: the fields of GET, `Content-Length` included, without the content.
  ///   - date: The IMF-fixdate of now, for `Date`.
  package static func encode(
    _ response: Response, isHead: Bool, persistence: Persistence, date: String
  ) -> (head: [UInt8], content: [UInt8]) {
    let hasContent = mayHaveContent(response.status)
    // HEAD may leave out what is known only when the content has been made (RFC 9110 §9.3.2).
    let framing: Framing = hasContent ? response.body.length.map(Framing.length) ?? .none : .none
    let head = head(
      status: response.status, fields: response.fields, framing: framing, persistence: persistence, date: date
    )
    if case .bytes(let content) = response.body, hasContent && !isHead { return (head, content) }
    return (head, [])
  }

  /// The status line and the header section with its empty line.
  ///
  /// `Date`, `Connection` and the framing fields come from the arguments alone; those in `fields` are left out.
  package static func head(
    status: HTTPResponse.Status, fields: HTTPFields, framing: Framing, persistence: Persistence, date: String
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    append("HTTP/1.1 ", to: &bytes)
    append(String(status.code), to: &bytes)
    // The space before an empty reason stays (RFC 9112 §4).
    bytes.append(.space)
    append(status.reasonPhrase, to: &bytes)
    endLine(&bytes)
    appendField(dateName, date, to: &bytes)
    for field in fields where !isReserved(field.name) {
      appendField(field.name.rawName, field.value, to: &bytes)
    }
    switch framing {
    case .none, .untilClose: break
    case .length(let octets): appendField("Content-Length", String(octets), to: &bytes)
    case .chunked: appendField("Transfer-Encoding", "chunked", to: &bytes)
    }
    switch persistence {
    case .persistent: break
    case .keepAlive: appendField("Connection", "keep-alive", to: &bytes)
    case .close: appendField("Connection", "close", to: &bytes)
    }
    endLine(&bytes)
    return bytes
  }

  /// One chunk (RFC 9112 §7.1). No octets give no chunk, because an empty one would end the content.
  package static func chunk(_ content: some Collection<UInt8>) -> [UInt8] {
    guard !content.isEmpty else { return [] }
    var bytes = Array(String(content.count, radix: 16).utf8)
    endLine(&bytes)
    bytes += content
    endLine(&bytes)
    return bytes
  }

  /// The last chunk, with trailers only if the client sent `TE: trailers` (RFC 9110 §6.5.1).
  package static func lastChunk(trailers: HTTPFields = [:]) -> [UInt8] {
    var bytes: [UInt8] = [.zero]
    endLine(&bytes)
    for field in trailers where !isReserved(field.name) {
      appendField(field.name.rawName, field.value, to: &bytes)
    }
    endLine(&bytes)
    return bytes
  }

  /// Where the text of `Date` begins in a head that was written here; nil in anything else.
  static func dateIndex(in head: [UInt8]) -> Int? {
    guard let end = head.firstIndex(of: .lineFeed) else { return nil }
    let field = Array("\(dateName): ".utf8)
    return head[(end + 1)...].starts(with: field) ? end + 1 + field.count : nil
  }

  private static let dateName = "Date"

  /// Whether a field is written here and nowhere else.
  private static func isReserved(_ name: HTTPField.Name) -> Bool {
    name == .contentLength || name == .transferEncoding || name == .connection || name == .date
  }

  /// 1xx, 204 and 304 have neither content nor `Content-Length` (RFC 9110 §6.4.1, §8.6).
  package static func mayHaveContent(_ status: HTTPResponse.Status) -> Bool {
    status.code >= 200 && status.code != 204 && status.code != 304
  }

  private static func appendField(_ name: String, _ value: String, to bytes: inout [UInt8]) {
    append(name, to: &bytes)
    bytes.append(.colon)
    bytes.append(.space)
    append(value, to: &bytes)
    endLine(&bytes)
  }

  private static func endLine(_ bytes: inout [UInt8]) {
    bytes.append(.carriageReturn)
    bytes.append(.lineFeed)
  }

  /// The one place through which text reaches the wire: CR, LF, NUL and other controls become spaces, so that no
  /// value can begin a line of its own (RFC 9110 §5.5, RFC 9112 §11.1).
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    for index in start..<bytes.count where !Octet.isFieldContent(bytes[index]) { bytes[index] = .space }
  }
}
