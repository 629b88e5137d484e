// The parser's behaviour as a table: RFC sentence, octets in, events out.

import HTTP

/// Valid messages. The log leaves out the Host `h`.
let validFixtures: [ParserFixture] = [
  // Lines
  .init(
    "9112 §2.2: a server SHOULD ignore at least one empty line before the request-line",
    "~~GET / HTTP/1.1~Host: h~~", "GET /", "end"),
  .init(
    "9112 §2.2: an old client's CRLF after the body is no request",
    "POST / HTTP/1.1~Host: h~Content-Length: 1~~x~GET / HTTP/1.1~Host: h~~", "POST /", "length(1)",
    "field Content-Length=1", "body x", "end", "GET /", "end"),
  // Request line and target
  .init(
    "9112 §3.2.1: origin-form with a query", "GET /a/b?c=d&e HTTP/1.1~Host: h~~", "GET /a/b?c=d&e", "end"),
  .init("9112 §3.2.1: an empty query is a query", "GET /a? HTTP/1.1~Host: h~~", "GET /a?", "end"),
  .init(
    "9112 §3.2.2: a server MUST accept the absolute-form", "GET http://h/a?b HTTP/1.1~Host: h~~", "GET /a?b",
    "end"),
  .init(
    "9112 §3.2.2: the target's host replaces the received Host", "GET http://other:81/a HTTP/1.1~Host: h~~",
    "GET /a", "authority other:81", "end"),
  .init(
    "9110 §4.2.3: scheme and host are case-insensitive", "GET HTTP://H/a HTTP/1.1~Host: h~~", "GET /a", "end"),
  .init("9110 §4.2.3: an empty path is / ", "GET http://h HTTP/1.1~Host: h~~", "GET /", "end"),
  .init(
    "9110 §4.2.3: an empty path before a query is /", "GET http://h?a=b HTTP/1.1~Host: h~~", "GET /?a=b",
    "end"),
  .init(
    "9112 §3.2.4: the asterisk-form asks about the server", "OPTIONS * HTTP/1.1~Host: h~~", "OPTIONS *", "end"
  ),
  .init(
    "9112 §3.2.4: OPTIONS on an absolute-form without path means *", "OPTIONS http://h HTTP/1.1~Host: h~~",
    "OPTIONS *", "end"),
  .init(
    "9110 §9.1: the method is case-sensitive and any token", "gEt! / HTTP/1.1~Host: h~~", "gEt! /", "end"),
  .init("9110 §2.5: a higher minor version is taken as 1.1", "GET / HTTP/1.7~Host: h~~", "GET /", "end"),
  .init(
    "9112 §3.2: HTTP/1.0 may leave Host out", "GET / HTTP/1.0~~", "GET /", "authority none", "HTTP/1.0",
    "close", "end"),
  .init(
    "9112 §9.3: HTTP/1.0 persists with keep-alive", "GET / HTTP/1.0~Connection: Keep-Alive~~", "GET /",
    "authority none", "HTTP/1.0", "field Connection=Keep-Alive", "end"),
  // Host
  .init(
    "9110 §7.2: host and port", "GET / HTTP/1.1~Host: example.org:8080~~", "GET /",
    "authority example.org:8080", "end"),
  .init(
    "3986 §3.2.2: an IPv6 address in brackets", "GET / HTTP/1.1~Host: [::1]:80~~", "GET /",
    "authority [::1]:80", "end"),
  .init("3986 §3.2.3: the port may be empty", "GET / HTTP/1.1~Host: h:~~", "GET /", "end"),
  // Fields
  .init(
    "9112 §5.1: white space around a value is not part of it", "GET / HTTP/1.1~Host: \t h \t ~A:b~C: \t ~~",
    "GET /", "field A=b", "field C=", "end"),
  .init(
    "9110 §5.1: a name is any token", "GET / HTTP/1.1~Host: h~!#$%&'*+-.^_`|09Az: a~~", "GET /",
    "field !#$%&'*+-.^_`|09Az=a", "end"),
  .init(
    "9110 §5.3: fields of one name keep their order", "GET / HTTP/1.1~Host: h~A: 1~B: x~a: 2~~", "GET /",
    "field A=1", "field B=x", "field a=2", "end"),
  .init(
    "9110 §5.1: an underscore is not a hyphen", "POST / HTTP/1.1~Host: h~Content_Length: 9~~", "POST /",
    "field Content_Length=9", "end"),
  .init(
    "9112 §9.3: close among other options", "GET / HTTP/1.1~Host: h~Connection: foo, cLoSe~~", "GET /",
    "close", "field Connection=foo, cLoSe", "end"),
  .init(
    "9110 §7.6.1: options are whole words", "GET / HTTP/1.1~Host: h~Connection: closed, unclose~~", "GET /",
    "field Connection=closed, unclose", "end"),
  .init(
    "9110 §10.1.1: the expectation is case-insensitive",
    "PUT / HTTP/1.1~Host: h~Expect: 100-Continue~Content-Length: 0~~", "PUT /", "expects continue",
    "field Expect=100-Continue", "field Content-Length=0", "end"),
  .init(
    "9110 §10.1.1: HTTP/1.0's expectation is ignored", "PUT / HTTP/1.0~Expect: anything~~", "PUT /",
    "authority none", "HTTP/1.0", "close", "field Expect=anything", "end"),
  // Framing
  .init(
    "9112 §6.3: without length or coding the body is empty",
    "POST / HTTP/1.1~Host: h~~GET / HTTP/1.1~Host: h~~", "POST /", "end", "GET /", "end"),
  .init(
    "9112 §6.2: a body of Content-Length octets, whatever they are",
    "POST / HTTP/1.1~Host: h~Content-Length: 5~~\r\n\0~", "POST /", "length(5)", "field Content-Length=5",
    "body ~\0~", "end"),
  .init(
    "9112 §6: framing is independent of the method",
    "DELETE / HTTP/1.1~Host: h~Content-Length: 3~~GETGET / HTTP/1.1~Host: h~~", "DELETE /", "length(3)",
    "field Content-Length=3", "body GET", "end", "GET /", "end"),
  .init(
    "9112 §7: coding names are case-insensitive", "POST / HTTP/1.1~Host: h~Transfer-Encoding: CHUNKED~~0~~",
    "POST /", "chunked", "field Transfer-Encoding=CHUNKED", "end"),
  .init(
    "9110 §5.6.1.2: empty list elements are ignored",
    "POST / HTTP/1.1~Host: h~Transfer-Encoding: , chunked ,~~0~~", "POST /", "chunked",
    "field Transfer-Encoding=, chunked ,", "end"),
  .init(
    "9112 §7.1: naming it in Connection does not drop the coding",
    "POST / HTTP/1.1~Host: h~Connection: Transfer-Encoding~Transfer-Encoding: chunked~~0~~", "POST /",
    "chunked", "field Connection=Transfer-Encoding", "field Transfer-Encoding=chunked", "end"),
  // Chunks
  .init(
    "9112 §7.1: chunks are joined", chunked("3~abc~1~d~0~~"), "POST /", "chunked",
    "field Transfer-Encoding=chunked", "body abcd", "end"),
  .init(
    "9112 §7.1: sizes are hexadecimal of either case, zeros lead or not",
    chunked("000A~0123456789~a~0123456789~000~~"), "POST /", "chunked", "field Transfer-Encoding=chunked",
    "body 01234567890123456789", "end"),
  .init(
    "9112 §7.1: chunk data may hold CRLF and chunk lines", chunked("8~~0~~x~0~~"), "POST /", "chunked",
    "field Transfer-Encoding=chunked", "body ~0~~x", "end"),
  .init(
    "9112 §7.1.1: unknown extensions MUST be ignored", chunked("1;a;b=c;d=\"e;\\\"f\"~x~0;last~~"), "POST /",
    "chunked", "field Transfer-Encoding=chunked", "body x", "end"),
  .init(
    "9112 §7.1.1: bad white space around ; and = is parsed", chunked("1 ;\ta = b~x~0~~"), "POST /", "chunked",
    "field Transfer-Encoding=chunked", "body x", "end"),
  .init(
    "9110 §6.5.1: trailers are not merged into the fields",
    chunked("1~x~0~Content-Length: 9~X-T: a b~~") + "GET / HTTP/1.1~Host: h~~", "POST /", "chunked",
    "field Transfer-Encoding=chunked", "body x", "trailer Content-Length=9", "trailer X-T=a b", "end",
    "GET /", "end"),
]

/// Messages that must be refused, each with the code of its one violation.
let invalidFixtures: [ParserFixture] =
  [
    // Lines
    .init("9112 §2.2: LF alone ends no line here", "GET / HTTP/1.1\nHost: h\n\n", "error bare_line_feed"),
    .init("9112 §2.2: a bare CR is invalid", "GET / HTTP/1.1\r\r\nHost: h~~", "error bare_carriage_return"),
    .init(
      "9112 §2.2: CR X does not end the header section", "GET / HTTP/1.1~Host: h~\rX",
      "error bare_carriage_return"),
    .init(
      "9112 §2.2: more empty lines than a client could mean", "~~~~~GET / HTTP/1.1~Host: h~~",
      "error too_many_empty_lines"),
    .init(
      "9112 §2.2: what is not HTTP at all, such as TLS", "\u{16}\u{03}\u{01}\u{02}\0",
      "error control_character"),
    .init(
      "9112 §2.2: what is not HTTP at all, such as SSH", "SSH-2.0-OpenSSH_9.6~",
      "error malformed_request_line"),
    .init("9113 §3.4: the preface of HTTP/2", "PRI * HTTP/2.0~~SM~~", "error version_not_supported"),
    // Request line
    .init("9112 §3: HTTP/0.9 has no version", "GET /~", "error malformed_request_line"),
    .init("9112 §3: one space before the version", "GET /  HTTP/1.1~", "error malformed_request_line"),
    .init("9112 §3: no space after the version", "GET / HTTP/1.1 ~", "error malformed_request_line"),
    .init("9112 §3: no space before the method", " GET / HTTP/1.1~", "error malformed_request_line"),
    .init("9112 §3: a tab is no separator", "GET\t/\tHTTP/1.1~", "error malformed_request_line"),
    .init("9112 §3: a vertical tab is no separator", "GET\u{0B}/\u{0B}HTTP/1.1~", "error control_character"),
    .init("9112 §3.1: the method is a token", "GE(T / HTTP/1.1~", "error invalid_method"),
    .init(
      "9112 §3: an unrecognised, too long method is 501", "\(String(repeating: "G", count: 33)) / HTTP/1.1~",
      "error method_too_long"),
    .init("9110 §9.3.6: CONNECT is for proxies", "CONNECT h:443 HTTP/1.1~", "error connect_not_implemented"),
    .init("9112 §2.3: the version's name is case-sensitive", "GET / http/1.1~", "error malformed_version"),
    .init("9112 §2.3: the version has two digits", "GET / HTTP/1.10~", "error malformed_version"),
    .init("9112 §2.3: the version has no letters", "GET / HTTP/1.x~", "error malformed_version"),
    .init(
      "9112 §2.3: the version does not wrap around", "GET / HTTP/4294967297.1~", "error malformed_version"),
    .init("9112 §2.3: the version is not empty", "GET / ~", "error malformed_version"),
    .init("9110 §15.6.6: another major version is 505", "GET / HTTP/9.9~", "error version_not_supported"),
    // Target
    .init("9112 §3.2: no fragment", "GET /a#b HTTP/1.1~", "error invalid_target"),
    .init("9112 §3.2: no octet beyond ASCII", "GET /\u{E9} HTTP/1.1~", "error invalid_target"),
    .init("3986 §2: no backslash", "GET /a\\b HTTP/1.1~", "error invalid_target"),
    .init("3986 §2: no angle brackets", "GET /<script> HTTP/1.1~", "error invalid_target"),
    .init("9112 §3.2.3: no authority-form but in CONNECT", "GET h:80 HTTP/1.1~", "error invalid_target"),
    .init("9112 §3.2: no relative path", "GET a HTTP/1.1~", "error invalid_target"),
    .init("9112 §3.2.4: * is for OPTIONS only", "GET * HTTP/1.1~", "error asterisk_without_options"),
    .init("9110 §7.4: another scheme is misdirected", "GET https://h/ HTTP/1.1~", "error scheme_not_served"),
    .init("9110 §4.2.4: user information is refused", "GET http://u:p@h/ HTTP/1.1~", "error invalid_host"),
    .init(
      "3986 §2.1: two hexadecimal digits follow %", "GET /%4 HTTP/1.1~", "error invalid_percent_encoding"),
    .init("3986 §2.1: in the query too", "GET /?a=%zz HTTP/1.1~", "error invalid_percent_encoding"),
    .init("a decoded NUL is refused", "GET /a%00.png HTTP/1.1~", "error invalid_percent_encoding"),
    .init("a decoded line feed is refused", "GET /?a=%0a HTTP/1.1~", "error invalid_percent_encoding"),
    .init("overlong UTF-8 is refused", "GET /%c0%af HTTP/1.1~", "error invalid_percent_encoding"),
    .init("a surrogate in UTF-8 is refused", "GET /%ed%a0%80 HTTP/1.1~", "error invalid_percent_encoding"),
    .init(
      "3986 §5.2.4: dot segments are not resolved but refused", "GET /a/../b HTTP/1.1~", "error dot_segment"),
    .init("an encoded dot segment is one", "GET /%2e%2E/b HTTP/1.1~", "error dot_segment"),
    // Host
    .init("9112 §3.2: HTTP/1.1 without Host MUST be 400", "GET / HTTP/1.1~A: b~~", "error missing_host"),
    .init(
      "9112 §3.2: Host is needed beside an absolute-form", "GET http://h/ HTTP/1.1~~", "error missing_host"),
    .init(
      "9112 §3.2: two Host lines MUST be 400, even if equal", "GET / HTTP/1.1~Host: h~host: h~~",
      "error duplicate_field"),
    .init(
      "9112 §3.2: an invalid Host MUST be 400, even beside an absolute-form",
      "GET http://h/ HTTP/1.1~Host: a b~~", "error invalid_host"),
    .init("9110 §4.2.1: an empty host is invalid", "GET / HTTP/1.1~Host: ~~", "error invalid_host"),
    // Fields
    .init(
      "9112 §2.2: white space before the first field", "GET / HTTP/1.1~ A: b~Host: h~~",
      "error whitespace_before_fields"),
    .init("9112 §5.2: obs-fold is refused", "GET / HTTP/1.1~Host: h~A: b~ c~~", "error line_folding"),
    .init(
      "9112 §5.2: obs-fold by a tab is refused", "GET / HTTP/1.1~Host: h~A: b~\tc~~", "error line_folding"),
    .init(
      "9112 §5.1: no white space before the colon", "GET / HTTP/1.1~Host: h~A : b~~",
      "error whitespace_before_colon"),
    .init("9112 §5: a colon is needed", "GET / HTTP/1.1~Host: h~A~~", "error missing_colon"),
    .init("9112 §5: a name is needed", "GET / HTTP/1.1~Host: h~: b~~", "error invalid_field_name"),
    .init("9112 §5: no separators in a name", "GET / HTTP/1.1~Host: h~A/B: b~~", "error invalid_field_name"),
    .init(
      "9112 §5: no octet beyond ASCII in a name", "GET / HTTP/1.1~Host: h~A\u{A0}: b~~",
      "error invalid_field_name"),
    .init("9110 §5.5: no NUL in a value", "GET / HTTP/1.1~Host: h~A: b\0c~~", "error control_character"),
    .init("9110 §5.5: no bare LF in a value", "GET / HTTP/1.1~Host: h~A: b\nC: d~~", "error bare_line_feed"),
    .init(
      "9110 §5.5: no escape in a value", "GET / HTTP/1.1~Host: h~A: \u{1B}[2J~~", "error control_character"),
    .init("9110 §5.5: no delete in a value", "GET / HTTP/1.1~Host: h~A: \u{7F}~~", "error control_character"),
    .init(
      "9110 §5.3: Content-Type is a singleton",
      "POST / HTTP/1.1~Host: h~Content-Type: a/b~Content-Type: a/b~~", "error duplicate_field"),
    .init(
      "9110 §11.6.2: Authorization is a singleton",
      "GET / HTTP/1.1~Host: h~Authorization: a~Authorization: b~~", "error duplicate_field"),
    .init(
      "9110 §10.1.1: an unknown expectation is 417", "PUT / HTTP/1.1~Host: h~Expect: y 100-continue~~",
      "error expectation_failed"),
    // Framing
    .init(
      "9112 §6.1: both length and coding is an error",
      "POST / HTTP/1.1~Host: h~Content-Length: 5~Transfer-Encoding: chunked~~",
      "error length_with_transfer_encoding"),
    .init(
      "9112 §6.1: in either order",
      "POST / HTTP/1.1~Host: h~Transfer-Encoding: , chunked~Content-Length: 5~~",
      "error length_with_transfer_encoding"),
    .init(
      "9112 §6.1: HTTP/1.0 with a coding is faulty framing", "POST / HTTP/1.0~Transfer-Encoding: chunked~~",
      "error transfer_encoding_in_http10"),
    .init("9112 §6.3: chunked not last MUST be 400", coding("chunked, gzip"), "error chunked_not_last"),
    .init(
      "9112 §6.3: a coding other than chunked alone MUST be 400", coding("gzip"), "error chunked_not_last"),
    .init("9112 §6.3: a name that contains chunked is not it", coding("xchunked"), "error chunked_not_last"),
    .init(
      "9112 §6.1: an unknown coding SHOULD be 501", coding("cow, chunked"), "error unknown_transfer_coding"),
    .init("9112 §7.1: chunked twice is refused", coding("chunked, chunked"), "error chunked_twice"),
    .init(
      "9110 §5.3: two lines are one list", coding("chunked~Transfer-Encoding: chunked"), "error chunked_twice"
    ),
    .init("9112 §7.1: chunked has no parameters", coding("chunked;q=1"), "error malformed_transfer_encoding"),
    .init("9112 §7: a quoted coding is none", coding("\"chunked\""), "error malformed_transfer_encoding"),
    .init("9112 §7: a space splits no list", coding("identity chunked"), "error malformed_transfer_encoding"),
    .init("9110 §5.5: 0x85 is no white space", coding("chunked\u{85}"), "error malformed_transfer_encoding"),
    .init("9112 §7: an empty list names no coding", coding(","), "error malformed_transfer_encoding"),
    .init("9110 §8.6: no sign", length("+5"), "error invalid_content_length"),
    .init("9110 §8.6: no negative length", length("-1"), "error invalid_content_length"),
    .init("9110 §8.6: not hexadecimal", length("0x5"), "error invalid_content_length"),
    .init("9110 §8.6: no digits grouped", length("1_0"), "error invalid_content_length"),
    .init("9110 §8.6: no space inside", length("3 1"), "error invalid_content_length"),
    .init("9110 §8.6: not empty", length(""), "error invalid_content_length"),
    .init("9110 §8.6: no list, even of equal values", length("5, 5"), "error invalid_content_length"),
    .init("9110 §8.6: no overflow at 2^63", length("9223372036854775808"), "error invalid_content_length"),
    .init("9110 §8.6: no overflow at 2^64", length("18446744073709551621"), "error invalid_content_length"),
    .init("a leading zero could be read as octal", length("05"), "error invalid_content_length"),
    .init("9112 §6.3: differing lengths MUST be 400", length("5~Content-Length: 7"), "error duplicate_field"),
    .init(
      "9110 §9.3.1: content in GET is refused", "GET / HTTP/1.1~Host: h~Content-Length: 5~~hello",
      "error content_not_allowed"),
    .init(
      "9110 §9.3.2: content in HEAD is refused", "HEAD / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~",
      "error content_not_allowed"),
  ] + chunkFixtures

/// Faults inside a chunked body, after a first good chunk.
private let chunkFixtures: [ParserFixture] = [
  ("9112 §7.1: the size has no sign", "+1~x", "invalid_chunk_size"),
  ("9112 §7.1: the size has no minus", "-0~~", "invalid_chunk_size"),
  ("9112 §7.1: the size has no prefix", "0x1~x", "invalid_chunk_size"),
  ("9112 §7.1: the size has no underscore", "1_0~x", "invalid_chunk_size"),
  ("9112 §7.1: the size has no white space before it", " 1~x", "invalid_chunk_size"),
  ("9112 §7.1: the size has no white space after it", "1 ~x", "invalid_chunk_size"),
  ("9112 §7.1: the size has no white space inside", "1 f~x", "invalid_chunk_size"),
  ("9112 §7.1: the size is not empty", "~x", "invalid_chunk_size"),
  ("9112 §7.1: overflow MUST be prevented: 2^63", "8000000000000000~", "chunk_size_overflow"),
  ("9112 §7.1: overflow MUST be prevented: 2^64-1", "ffffffffffffffff~", "chunk_size_overflow"),
  ("9112 §7.1: overflow MUST be prevented: 2^64+31", "1000000000000001f~", "chunk_size_overflow"),
  (
    "9112 §7.1: padding of the size is bounded", String(repeating: "0", count: 17) + "~",
    "chunk_size_overflow"
  ),
  ("9112 §7.1: a large size is refused before its data", "7fffffffffffffff~", "body_too_large"),
  ("9112 §2.2: a chunk line ends in CRLF, not LF", "1\nx~", "bare_line_feed"),
  ("9112 §2.2: a chunk line ends in CRLF, not CR", "1\rx~", "bare_carriage_return"),
  ("9112 §7.1.1: an extension has a name", "1;~x", "invalid_chunk_extension"),
  ("9112 §7.1.1: an extension's value is not empty", "1;a=~x", "invalid_chunk_extension"),
  ("9112 §7.1.1: an extension's quote is closed", "1;a=\"b~x", "invalid_chunk_extension"),
  ("9112 §7.1.1: nothing follows an extension's value", "1;a=b ~x", "invalid_chunk_extension"),
  ("9110 §5.5: no NUL in an extension", "1;a=\0~x", "control_character"),
  ("9112 §2.2: no LF in an extension", "1;a\nb~x", "bare_line_feed"),
  ("9112 §7.1: CRLF follows the data: one octet off", "1~xy~", "chunk_data_not_terminated"),
  ("9112 §7.1: CRLF follows the data: missing", "1~x0~~", "chunk_data_not_terminated"),
  ("9112 §7.1: CRLF follows the data: CR alone", "1~x\r0", "chunk_data_not_terminated"),
  ("9112 §7.1: CRLF follows the data: LF alone", "1~x\n0", "chunk_data_not_terminated"),
  ("9112 §7.1.2: trailers are field lines", "0~XX~~", "missing_colon"),
  ("9112 §7.1.2: trailers are not folded", "0~ a: b~~", "line_folding"),
  ("9112 §2.2: trailers end in CRLF", "0~A: b\n\n", "bare_line_feed"),
].map { rule, input, code in
  ParserFixture(
    rule, chunked("2~ab~" + input), "POST /", "chunked", "field Transfer-Encoding=chunked",
    body(of: input, code),
    "error \(code)")
}

/// Data that comes before the fault belongs to the body.
private func body(of input: String, _ code: String) -> String {
  code == "chunk_data_not_terminated" ? "body abx" : "body ab"
}

private func chunked(_ chunks: String) -> String {
  "POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~\(chunks)"
}

private func coding(_ value: String) -> String { "POST / HTTP/1.1~Host: h~Transfer-Encoding: \(value)~~" }

private func length(_ value: String) -> String { "POST / HTTP/1.1~Host: h~Content-Length: \(value)~~" }
