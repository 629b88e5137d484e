// Every way in which a client can break HTTP/1.1, with the status that answers it.

public import HTTPTypes

/// A violation of the protocol, found while reading a request. The connection closes after the answer, because
/// where the next request would begin is no longer certain (RFC 9112 §2.2, §6.3).
public enum ProtocolError: Error, Sendable, Hashable {
  // Lines (RFC 9112 §2.2)
  case bareLineFeed
  case bareCarriageReturn
  case controlCharacter
  case tooManyEmptyLines
  case incompleteHead
  case httpsExpected

  // Request line (RFC 9112 §3)
  case malformedRequestLine
  case invalidMethod
  case methodTooLong(maximum: Int)
  case connectNotImplemented
  case malformedVersion
  case versionNotSupported
  case requestLineTooLong(maximum: Int)

  // Request target (RFC 9112 §3.2, RFC 3986)
  case invalidTarget
  case asteriskWithoutOptions
  case schemeNotServed
  case invalidPercentEncoding
  case dotSegment

  // Host (RFC 9112 §3.2)
  case missingHost
  case invalidHost

  // Fields (RFC 9112 §5)
  case whitespaceBeforeFields
  case lineFolding
  case missingColon
  case whitespaceBeforeColon
  case invalidFieldName
  case duplicateField(name: String)
  case fieldLineTooLong(maximum: Int)
  case fieldSectionTooLarge(maximum: Int)
  case tooManyFields(maximum: Int)

  // Framing (RFC 9112 §6)
  case lengthWithTransferEncoding
  case transferEncodingInHTTP10
  case chunkedNotLast
  case chunkedTwice
  case malformedTransferEncoding
  case unknownTransferCoding
  case invalidContentLength
  case contentNotAllowed
  case bodyTooLarge(maximum: Int)
  case incompleteBody

  // Chunks (RFC 9112 §7.1)
  case invalidChunkSize
  case chunkSizeOverflow
  case invalidChunkExtension
  case chunkExtensionsTooLong(maximum: Int)
  case chunkDataNotTerminated
  case trailersTooLarge(maximum: Int)

  // Expectations and time (RFC 9110 §10.1.1, §15.5.9)
  case expectationFailed
  case headTimeout
  case bodyTimeout
  case bodyTooSlow
}

extension ProtocolError {
  /// The status of the response: 400, 408, 413, 414, 417, 421, 431, 501 or 505.
  public var status: HTTPResponse.Status { facts.status }

  /// A stable name in snake_case, for programs.
  public var code: String { facts.code }

  /// One sentence for people: what was wrong and what is right.
  public var detail: String { facts.detail }

  /// The table behind the three: one line of facts per case, exhaustive by the compiler.
  private var facts: (status: HTTPResponse.Status, code: String, detail: String) {
    switch self {
    case .bareLineFeed:
      (.badRequest, "bare_line_feed", "A line ends in LF alone; lines end in CR LF.")
    case .bareCarriageReturn:
      (.badRequest, "bare_carriage_return", "A CR is not followed by LF; lines end in CR LF.")
    case .controlCharacter:
      (.badRequest, "control_character", "The head has a control character, which is not allowed there.")
    case .tooManyEmptyLines:
      (.badRequest, "too_many_empty_lines", "More than four empty lines come before the request line.")
    case .incompleteHead:
      (.badRequest, "incomplete_head", "The connection ended inside the head of a request.")
    case .httpsExpected:
      (.badRequest, "https_expected", "This port speaks HTTP over TLS alone: begin the URL with https://.")

    case .malformedRequestLine:
      (
        .badRequest, "malformed_request_line",
        "The request line is not a method, a target and a version with one space between each."
      )
    case .invalidMethod:
      (.badRequest, "invalid_method", "The method has a character that is not allowed in a token.")
    case .methodTooLong(let maximum):
      (.notImplemented, "method_too_long", "The method has more than \(maximum) characters.")
    case .connectNotImplemented:
      (.notImplemented, "connect_not_implemented", "This server is not a proxy; CONNECT is not implemented.")
    case .malformedVersion:
      (.badRequest, "malformed_version", "The version is not HTTP/ and two digits with a dot between them.")
    case .versionNotSupported:
      (.httpVersionNotSupported, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    case .requestLineTooLong(let maximum):
      (.uriTooLong, "request_line_too_long", "The request line has more than \(maximum) bytes.")

    case .invalidTarget:
      (
        .badRequest, "invalid_target",
        "The request target is not a path with an optional query, in the characters that RFC 3986 allows."
      )
    case .asteriskWithoutOptions:
      (.badRequest, "asterisk_without_options", "The target * is for the method OPTIONS only.")
    case .schemeNotServed:
      (.misdirectedRequest, "scheme_not_served", "The target names a URI scheme that is not served here.")
    case .invalidPercentEncoding:
      (
        .badRequest, "invalid_percent_encoding",
        "A percent-encoding in the target is not two hexadecimal digits, or does not decode to printable UTF-8."
      )
    case .dotSegment:
      (.badRequest, "dot_segment", "The path has a . or .. segment; send the path resolved.")

    case .missingHost:
      (.badRequest, "missing_host", "An HTTP/1.1 request needs a Host field.")
    case .invalidHost:
      (.badRequest, "invalid_host", "The host is not a name or address with an optional port.")

    case .whitespaceBeforeFields:
      (.badRequest, "whitespace_before_fields", "White space comes before the first header field.")
    case .lineFolding:
      (.badRequest, "line_folding", "A field is folded over several lines; send it on one.")
    case .missingColon:
      (.badRequest, "missing_colon", "A field line has no colon.")
    case .whitespaceBeforeColon:
      (.badRequest, "whitespace_before_colon", "White space comes between a field's name and its colon.")
    case .invalidFieldName:
      (.badRequest, "invalid_field_name", "A field's name is empty or has a character that is not allowed.")
    case .duplicateField(let name):
      (.badRequest, "duplicate_field", "The field \(name) is given more than once.")
    case .fieldLineTooLong(let maximum):
      (
        .requestHeaderFieldsTooLarge, "field_line_too_long",
        "A header field's line has more than \(maximum) bytes."
      )
    case .fieldSectionTooLarge(let maximum):
      (
        .requestHeaderFieldsTooLarge, "field_section_too_large",
        "The header fields have more than \(maximum) bytes in all."
      )
    case .tooManyFields(let maximum):
      (.requestHeaderFieldsTooLarge, "too_many_fields", "There are more than \(maximum) field lines.")

    case .lengthWithTransferEncoding:
      (
        .badRequest, "length_with_transfer_encoding",
        "Content-Length and Transfer-Encoding are both given; send one of them."
      )
    case .transferEncodingInHTTP10:
      (.badRequest, "transfer_encoding_in_http10", "HTTP/1.0 has no Transfer-Encoding.")
    case .chunkedNotLast:
      (.badRequest, "chunked_not_last", "The last transfer coding of a request is not chunked.")
    case .chunkedTwice:
      (.badRequest, "chunked_twice", "The transfer coding chunked is given more than once.")
    case .malformedTransferEncoding:
      (.badRequest, "malformed_transfer_encoding", "Transfer-Encoding is not a list of coding names.")
    case .unknownTransferCoding:
      (.notImplemented, "unknown_transfer_coding", "The only transfer coding implemented here is chunked.")
    case .invalidContentLength:
      (
        .badRequest, "invalid_content_length",
        "Content-Length is not a plain decimal number without sign, spaces or leading zeros."
      )
    case .contentNotAllowed:
      (.badRequest, "content_not_allowed", "A GET or HEAD request has no content here.")
    case .bodyTooLarge(let maximum):
      (.contentTooLarge, "body_too_large", "The body has more than \(maximum) bytes.")
    case .incompleteBody:
      (.badRequest, "incomplete_body", "The connection ended inside the body of a request.")

    case .invalidChunkSize:
      (.badRequest, "invalid_chunk_size", "A chunk's size is not a plain hexadecimal number.")
    case .chunkSizeOverflow:
      (.badRequest, "chunk_size_overflow", "A chunk's size is beyond what a number can hold.")
    case .invalidChunkExtension:
      (.badRequest, "invalid_chunk_extension", "A chunk extension is not name or name=value.")
    case .chunkExtensionsTooLong(let maximum):
      (
        .badRequest, "chunk_extensions_too_long",
        "The chunk extensions have more than \(maximum) bytes in all."
      )
    case .chunkDataNotTerminated:
      (.badRequest, "chunk_data_not_terminated", "A chunk's data is not followed by CR LF.")
    case .trailersTooLarge(let maximum):
      (
        .requestHeaderFieldsTooLarge, "trailers_too_large",
        "The trailer fields have more than \(maximum) bytes in all."
      )

    case .expectationFailed:
      (.expectationFailed, "expectation_failed", "The only expectation met here is 100-continue.")
    case .headTimeout:
      (.requestTimeout, "head_timeout", "The head of the request took too long to arrive.")
    case .bodyTimeout:
      (.requestTimeout, "body_timeout", "The body of the request stopped arriving.")
    case .bodyTooSlow:
      (.requestTimeout, "body_too_slow", "The body of the request arrives too slowly.")
    }
  }
}
