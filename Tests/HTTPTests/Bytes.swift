// Byte fixtures as readable text: `~` stands for CR LF, so that a request fits on one line.

import HTTP
import HTTPTypes

/// The octets of `text`, with every `~` replaced by CR LF. Each scalar below U+0100 is one octet, so that a fixture
/// can hold any octet.
func octets(_ text: String) -> [UInt8] {
  text.unicodeScalars.flatMap { scalar -> [UInt8] in
    scalar == "~" ? [0x0D, 0x0A] : [UInt8(truncatingIfNeeded: scalar.value)]
  }
}

/// The octets as text, CR LF shown as `~`.
func text(_ bytes: some Sequence<UInt8>) -> String {
  let raw = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  return raw.replacing("\r\n", with: "~")
}

/// A request for `target`, decoded by the parser itself, for tests of what works on requests.
func request(
  _ method: HTTPRequest.Method, _ target: String = "/", host: String = "localhost", fields: String = "",
  scheme: String = "http"
) throws -> Request {
  var parser = RequestParser(scheme: scheme)
  parser.append(octets("\(method.rawValue) \(target) HTTP/1.1~Host: \(host)~\(fields)~"))
  guard case .head(let head) = try parser.next() else { throw Unfinished() }
  return Request(head: head.request, target: head.target, authority: head.authority, id: "test")
}

/// A fixture is no complete head.
struct Unfinished: Error {}

/// Deterministic random numbers (SplitMix64), so that a failure can be repeated from its seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
