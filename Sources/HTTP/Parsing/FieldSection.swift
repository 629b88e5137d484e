// A header or trailer section while its lines come in, within its bounds.

import HTTPTypes

/// Collects the field lines of a section (RFC 9112 §5) and holds them to the limits.
struct FieldSection: Sendable {
  enum Kind: Sendable { case header, trailer }

  let kind: Kind
  private(set) var fields = HTTPFields()
  private var count = 0
  private var size = 0

  init(_ kind: Kind) { self.kind = kind }

  /// Takes the next line of the section from `buffer`.
  ///
  /// Returns `true` when the empty line that ends the section was read, `false` when a field was, and `nil` when a
  /// line is not complete yet.
  mutating func takeLine(from buffer: inout InputBuffer, limits: ConnectionLimits) throws(ProtocolError)
    -> Bool?
  {
    let room = (kind == .header ? limits.headerSection : limits.trailers) - size
    guard
      let line = try buffer.takeLine(
        atMost: min(limits.headerLine, max(room - 2, 0)),
        overlong: {
          $0.count >= limits.headerLine ? .fieldLineTooLong(maximum: limits.headerLine) : tooLarge(limits)
        })
    else { return nil }
    if line.isEmpty { return true }
    count += 1
    size += line.count + 2
    guard count <= limits.headerCount else { throw .tooManyFields(maximum: limits.headerCount) }
    fields.append(try field(line))
    return false
  }

  private func tooLarge(_ limits: ConnectionLimits) -> ProtocolError {
    switch kind {
    case .header: .fieldSectionTooLarge(maximum: limits.headerSection)
    case .trailer: .trailersTooLarge(maximum: limits.trailers)
    }
  }

  /// `field-line = field-name ":" OWS field-value OWS` (RFC 9112 §5).
  private func field(_ line: ArraySlice<UInt8>) throws(ProtocolError) -> HTTPField {
    if let first = line.first, Octet.isBlank(first) {
      throw count == 1 && kind == .header ? .whitespaceBeforeFields : .lineFolding
    }
    guard let colon = line.firstIndex(of: .colon) else { throw .missingColon }
    let nameBytes = line[..<colon]
    if let last = nameBytes.last, Octet.isBlank(last) { throw .whitespaceBeforeColon }
    guard Octet.isToken(nameBytes), let name = HTTPField.Name(String(decoding: nameBytes, as: UTF8.self))
    else {
      throw .invalidFieldName
    }
    return HTTPField(name: name, value: Octet.trimmingBlanks(line[(colon + 1)...]))
  }
}
