// Walks over the parts of a multipart body.

/// The cursor of `Multipart.parse`.
struct MultipartReader {
  private let body: [UInt8]
  /// CR LF and the dashed boundary. The search for it is linear: only its first octet is CR, so that a failed
  /// comparison can never hide a later match.
  private let delimiter: [UInt8]
  private let limits: Multipart.Limits
  private var position = 0

  init(body: [UInt8], boundary: [UInt8], limits: Multipart.Limits) {
    self.body = body
    self.limits = limits
    delimiter = [.carriageReturn, .lineFeed, .hyphen, .hyphen] + boundary
  }

  /// Moves behind the first dashed boundary, which may open the body without a CR LF before it.
  mutating func skipPreamble() throws(MultipartError) {
    if body.starts(with: delimiter.dropFirst(2)) {
      position = delimiter.count - 2
    } else if let start = find(from: 0) {
      position = start + delimiter.count
    } else {
      throw .missingFirstBoundary
    }
  }

  /// The part behind the boundary just passed; `nil` if that was the final one.
  mutating func nextPart() throws(MultipartError) -> Multipart.Part? {
    if body[position...].starts(with: [.hyphen, .hyphen]) { return nil }
    // transport-padding := *LWSP-char, then the line's end (RFC 2046 §5.1.1)
    while position < body.count, Octet.isBlank(body[position]) { position += 1 }
    guard position < body.count else { throw .missingFinalBoundary }
    guard body[position...].starts(with: [.carriageReturn, .lineFeed]) else { throw .malformedBoundaryLine }
    position += 2
    let header = try header()
    guard let end = find(from: position - 2) else { throw .missingFinalBoundary }
    // An empty part has its header's empty line and the delimiter share one CR LF.
    let content = body[min(position, end)..<end]
    position = end + delimiter.count
    return Multipart.Part(
      name: header.name, filename: header.filename, contentType: header.contentType, content: content)
  }

  /// The index of the next delimiter.
  private func find(from start: Int) -> Int? {
    guard body.count >= delimiter.count else { return nil }
    var index = start
    while index <= body.count - delimiter.count {
      if body[index] == .carriageReturn && body[index..<(index + delimiter.count)].elementsEqual(delimiter) {
        return index
      }
      index += 1
    }
    return nil
  }

  /// Reads the header section with its empty line.
  private mutating func header() throws(MultipartError) -> (
    name: String, filename: String?, contentType: MediaType?
  ) {
    var name: String?
    var filename: String?
    var contentType: MediaType?
    var lines = 0
    let start = position
    while true {
      let line = try line(from: start)
      if line.isEmpty { break }
      lines += 1
      guard lines <= limits.partHeaderCount else { throw .partHeaderTooLarge }
      guard let colon = line.firstIndex(of: .colon), Octet.isToken(line[..<colon]) else {
        throw .malformedPartHeader
      }
      let value = String(decoding: Octet.trimmingBlanks(line[(colon + 1)...]), as: UTF8.self)
      switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
      case "content-disposition":
        (name, filename) = try Self.disposition(value)
      case "content-type":
        guard let type = MediaType(parsing: value) else { throw .invalidContentType }
        contentType = type
      default:
        break
      }
    }
    guard let name else { throw .missingName }
    return (name, filename, contentType)
  }

  /// One line of the header section that began at `start`.
  private mutating func line(from start: Int) throws(MultipartError) -> ArraySlice<UInt8> {
    let limit = min(body.count, start + limits.partHeader)
    guard let end = body[position..<max(limit, position)].firstIndex(of: .carriageReturn) else {
      throw limit < body.count ? .partHeaderTooLarge : .missingFinalBoundary
    }
    guard end + 1 < body.count, body[end + 1] == .lineFeed else { throw .malformedPartHeader }
    let line = body[position..<end]
    guard line.allSatisfy(Octet.isFieldContent) else { throw .malformedPartHeader }
    position = end + 2
    return line
  }

  /// `form-data; name="…"; filename="…"` (RFC 7578 §4.2).
  private static func disposition(_ value: String) throws(MultipartError) -> (String, String?) {
    var scanner = FieldScanner(value)
    guard scanner.token()?.lowercased() == "form-data", let parameters = scanner.parameters(),
      scanner.isAtEnd,
      let name = parameters.first(where: { $0.name == "name" })?.value, !name.isEmpty
    else { throw .missingName }
    return (name, parameters.first { $0.name == "filename" }?.value)
  }
}
