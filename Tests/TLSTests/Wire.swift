// A client and a server session joined in memory, and how the octets between them are cut.

import COpenSSL
import TLS
import Testing

/// How what one side sends reaches the other.
enum Cut: String, CaseIterable {
  case whole, octets, records, acrossRecords

  /// The pieces in which `bytes` arrive.
  func pieces(of bytes: [UInt8]) -> [[UInt8]] {
    switch self {
    case .whole: [bytes]
    case .octets: bytes.map { [$0] }
    case .records: cut(bytes, shiftedBy: 0)
    // One octet of each record comes with the record before: no piece is a record.
    case .acrossRecords: cut(bytes, shiftedBy: 1)
    }
  }

  private func cut(_ bytes: [UInt8], shiftedBy shift: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    var place = 0
    while place + 5 <= bytes.count {
      place += 5 + Int(bytes[place + 3]) << 8 + Int(bytes[place + 4])
      let end = min(bytes.count, place + shift)
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    return pieces + (start < bytes.count ? [Array(bytes[start...])] : [])
  }
}

/// Two sessions, and what each has read.
final class Wire {
  let client: TLSSession
  let server: TLSSession
  var clientRead: [UInt8] = []
  var serverRead: [UInt8] = []
  private let cut: Cut

  init(
    _ clientContext: TLSContext, _ serverContext: TLSContext, name: String? = "localhost", cut: Cut = .whole
  ) {
    client = TLSSession(client: clientContext, name: name)
    server = TLSSession(server: serverContext)
    self.cut = cut
  }

  /// A client that trusts the server's certificate, after the handshake.
  static func open(
    _ versions: ClosedRange<TLSVersion> = .v12 ... .v13, profile: TLSProfile = .intermediate,
    cut: Cut = .whole
  ) throws -> Wire {
    let certificate = TestCertificate()
    let wire = Wire(
      try TLSContext(trusting: .certificates(certificate.pem), versions: versions),
      try TLSContext(identities: [certificate.identity()], profile: profile), cut: cut)
    wire.shakeHands()
    try #require(wire.client.state == .open)
    try #require(wire.server.state == .open)
    return wire
  }

  func shakeHands() { toServer(client.start()) }

  /// Brings octets to the server, and the answers of both until neither has any.
  func toServer(_ bytes: [UInt8]) {
    var answers: [UInt8] = []
    for piece in cut.pieces(of: bytes) {
      let input = piece.withUnsafeBytes { server.feed($0) }
      serverRead += input.plaintext
      answers += input.ciphertext
    }
    if !answers.isEmpty { toClient(answers) }
  }

  func toClient(_ bytes: [UInt8]) {
    var answers: [UInt8] = []
    for piece in cut.pieces(of: bytes) {
      let input = piece.withUnsafeBytes { client.feed($0) }
      clientRead += input.plaintext
      answers += input.ciphertext
    }
    if !answers.isEmpty { toServer(answers) }
  }
}

extension TLSSession {
  /// Asks for a name without checking that the certificate has it.
  func want(_ name: String) { _ = co_want_name(pointer, name) }

  /// What the library has to send after a call of its own.
  func pendingCiphertext() -> [UInt8] { write([UInt8]()) }

  func write(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { write($0) } }
  func write(_ text: String) -> [UInt8] { write(Array(text.utf8)) }
  func feed(_ bytes: [UInt8]) -> Input { bytes.withUnsafeBytes { feed($0) } }

  var failure: TLSFailure? {
    if case .failed(let failure) = state { failure } else { nil }
  }
}
