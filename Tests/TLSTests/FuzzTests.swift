// Octets that nobody chose: whatever comes, a session says what became of it and never traps.

import TLS
import Testing

@Suite struct FuzzTests {
  /// The same numbers for the same seed (SplitMix64).
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  /// Changes, drops, doubles or invents octets.
  private func spoil(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var spoiled = bytes
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: spoiled[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: spoiled.removeSubrange(place...)
    case 2: spoiled.insert(contentsOf: bytes[place...], at: place)
    case 3:
      spoiled.insert(
        contentsOf: (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: place)
    default: break
    }
    return spoiled
  }

  @Test(arguments: [TLSVersion.v12, .v13])
  func `sessions survive whatever lies between them`(_ version: TLSVersion) throws {
    let certificate = TestCertificate()
    let client = try TLSContext(trusting: .certificates(certificate.pem), versions: version...version)
    let server = try TLSContext(identities: [certificate.identity()])
    var outcomes: Set<Bool> = []
    for seed in 0..<1500 as Range<UInt64> {
      var generator = Generator(state: seed)
      let sides = [TLSSession(server: server), TLSSession(client: client, name: "localhost")]
      var bytes = sides[1].start()
      // Each side's octets reach the other spoiled or not, and what is open is written to.
      for turn in 0..<8 where !bytes.isEmpty {
        let side = sides[turn % 2]
        let isSpoiled = Int.random(in: 0..<3, using: &generator) == 0
        bytes = side.feed(isSpoiled ? spoil(bytes, &generator) : bytes).ciphertext
        if side.state == .open { bytes += side.write("some octets") }
      }
      for side in sides {
        outcomes.insert(side.failure == nil)
        side.endOfTransport()
        if side.state != .handshaking { _ = side.shutdown() + side.write("more") }
        #expect(side.feed([23, 3, 3, 0, 1, 0]) == TLSSession.Input(), "nothing is read after the end")
      }
    }
    #expect(outcomes == [true, false], "some sessions came through, and some did not")
  }
}
