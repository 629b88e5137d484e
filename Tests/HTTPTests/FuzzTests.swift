// Random octets and randomly damaged requests: never a trap, always an answer or a wait, whatever the cuts.

import HTTP
import HTTPTypes
import Testing

@Suite struct FuzzTests {
  /// Valid requests to damage, long enough to have every part of the grammar.
  private static let seeds = [
    "GET /a/b%20c?d=e&f=%2B HTTP/1.1~Host: example.org:80~Accept: text/csv;q=0.5, */*~~",
    "POST /b HTTP/1.1~Host: [::1]~Content-Length: 12~Expect: 100-continue~~hello, world",
    "POST /c HTTP/1.1~Host: h~Transfer-Encoding: chunked~~5;a=\"b\"~hello~3~abc~0~X-T: y~~",
    "POST http://h/d HTTP/1.1~Host: h~Connection: keep-alive~Content-Length: 2~~hi",
    "OPTIONS * HTTP/1.0~Connection: keep-alive~~",
    "POST /missing HTTP/1.1~Host: h~Content-Length: 3~~abc",
  ]

  /// Octets that parsers stumble over, more often than their share.
  private static let nasty: [UInt8] = [
    0, 9, 10, 13, 32, 34, 35, 37, 42, 44, 47, 48, 57, 58, 59, 61, 63, 91, 92, 93, 127, 128, 160, 255,
  ]

  private static func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let position = Int.random(in: 0..<bytes.count, using: &random)
      let octet =
        Bool.random(using: &random)
        ? nasty.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[position] = octet
      case 1: bytes.insert(octet, at: position)
      case 2 where bytes.count > 1: bytes.remove(at: position)
      case 3: bytes.insert(contentsOf: bytes[position...].prefix(8), at: position)
      default: bytes.replaceSubrange(position..<min(position + 3, bytes.count), with: [octet])
      }
    }
    return bytes
  }

  /// Cuts `bytes` into portions of random lengths.
  private static func portions(_ bytes: [UInt8], using random: inout SeededGenerator) -> [[UInt8]] {
    var portions: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let portion = rest.prefix(Int.random(in: 1...16, using: &random))
      portions.append(Array(portion))
      rest = rest.dropFirst(portion.count)
    }
    return portions
  }

  @Test(arguments: 0..<8)
  func `damaged requests give the same events whole and in portions`(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      let seeds = (0..<2).compactMap { _ in Self.seeds.randomElement(using: &random) }
      let bytes = Self.damaged(octets(seeds.joined()), using: &random)
      let whole = parserLog([bytes])
      #expect(parserLog(Self.portions(bytes, using: &random)) == whole, "\(text(bytes))")
    }
  }

  @Test(arguments: 0..<8)
  func `damaged requests always end in well-formed responses or in a wait`(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed) &+ 1000)
    for _ in 0..<250 {
      let bytes = Self.damaged(octets(Self.seeds.shuffled(using: &random).joined()), using: &random)
      var peer = Peer()
      for portion in Self.portions(bytes, using: &random) { peer.feed(.received(portion)) }
      // Whatever is not over yet waits under a timer, so that it will be.
      #expect(peer.isClosed || !peer.timers.isEmpty, "\(text(bytes))")
      peer.feed(.endOfInput)
      #expect(peer.isClosed, "\(text(bytes))")
      let responses = parseResponses(peer.received, methods: peer.exchanges.map(\.method))
      #expect(
        responses.allSatisfy { $0.status >= 100 && $0.status < 600 && $0.status != 500 }, "\(text(bytes))")
      #expect(responses.count { $0.status >= 200 } == peer.exchanges.count)
      // An error ends the connection: nothing but the last response may be one.
      #expect(peer.exchanges.dropLast().allSatisfy { $0.error == nil })
    }
  }

  @Test(arguments: 0..<4)
  func `octets that are nothing at all are refused or waited for`(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed) &+ 2000)
    for _ in 0..<250 {
      let count = Int.random(in: 1...200, using: &random)
      var peer = Peer()
      peer.feed(.received((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }))
      #expect(peer.exchanges.allSatisfy { $0.error != nil })
      peer.feed(.endOfInput)
      #expect(peer.isClosed)
    }
  }

  @Test(arguments: 0..<8)
  func `events in any order never trap, and nothing follows the close`(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed) &+ 3000)
    for _ in 0..<200 {
      var limits = ConnectionLimits()
      if seed % 2 == 0 { (limits.delivery, limits.undelivered) = (3, 8) }
      var connection = ServerConnection(
        limits: limits, responder: Echo(sink: Gathering()), makeRequestID: { "made" })
      _ = connection.on(.opened, date: Peer.date)
      var isClosed = false
      for _ in 0..<40 {
        let event: ServerConnection.Event =
          switch Int.random(in: 0..<16, using: &random) {
          case 10:
            .responded(
              Response(status: .ok, body: .stream(ContentStream(length: seed % 2 == 0 ? nil : 3, Silent()))))
          case 11, 12: .produced([UInt8](repeating: 1, count: Int.random(in: 0...2, using: &random)))
          case 14: .delivered
          case 15: .deliveryFailed(CancellationError())
          case 13: seed % 3 == 0 ? .productionFailed : .productionEnded
          case 0: .wrote(remaining: 0)
          case 1: .endOfInput
          case 2: .responded(Response(status: .ok))
          case 3: .wrote(remaining: Int.random(in: 0...1, using: &random))
          case 4: .timer(ServerConnection.Timer.allCases.randomElement(using: &random) ?? .idle)
          case 5 where Int.random(in: 0..<10, using: &random) == 0: .drain
          default:
            .received(Self.damaged(octets(Self.seeds.randomElement(using: &random) ?? ""), using: &random))
          }
        let actions = connection.on(event, date: Peer.date)
        if isClosed { #expect(actions.isEmpty) }
        for action in actions { if case .close = action { isClosed = true } }
      }
    }
  }
}
