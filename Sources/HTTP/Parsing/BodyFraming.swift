// Where a request's body ends: the decision on which request smuggling turns.

import HTTPTypes

/// How long the body of a request is (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Hashable {
  /// No body, or one of length zero.
  case none
  /// Exactly so many octets, more than none.
  case length(Int)
  /// Chunks up to the last one.
  case chunked
}

extension BodyFraming {
  /// Decides from the whole header section; whatever is ambiguous is refused.
  ///
  /// A request is never delimited by the end of the connection. The method has no say in it (RFC 9112 §6), but
  /// content in GET and HEAD, which has no meaning, is refused as RFC 9110 §9.3.1 allows.
  init(method: HTTPRequest.Method, isHTTP11: Bool, fields: HTTPFields) throws(ProtocolError) {
    let codings = fields[values: .transferEncoding]
    let length = fields.value(of: .contentLength)
    if !codings.isEmpty {
      guard length == nil else { throw .lengthWithTransferEncoding }
      guard isHTTP11 else { throw .transferEncodingInHTTP10 }
      try Self.checkTransferCodings(codings)
      self = .chunked
    } else if let length {
      guard let octets = Self.contentLength(length) else { throw .invalidContentLength }
      self = octets == 0 ? .none : .length(octets)
    } else {
      self = .none
    }
    guard self == .none || method != .get && method != .head else { throw .contentNotAllowed }
  }

  /// Accepts exactly one `chunked` (RFC 9112 §6.1); repeated field lines are one list (RFC 9110 §5.3).
  private static func checkTransferCodings(_ lines: [String]) throws(ProtocolError) {
    var names: [String] = []
    for element in lines.flatMap(FieldScanner.list) {
      guard Octet.isToken(element) else { throw .malformedTransferEncoding }
      names.append(String(decoding: element, as: UTF8.self).lowercased())
    }
    guard let last = names.last else { throw .malformedTransferEncoding }
    guard last == "chunked" else { throw .chunkedNotLast }
    guard !names.dropLast().contains("chunked") else { throw .chunkedTwice }
    guard names.count == 1 else { throw .unknownTransferCoding }
  }

  /// `1*DIGIT` (RFC 9110 §8.6) that fits; leading zeros are refused, because some parsers read octal.
  private static func contentLength(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy(Octet.isDigit), text == "0" || text.utf8.first != .zero else {
      return nil
    }
    return Int(text)
  }
}
