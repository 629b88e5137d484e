// The connection's timers: when each is armed, for how long, and what it does.

import HTTP
import HTTPTypes
import Testing

private let get = "GET /a HTTP/1.1~Host: h~~"

@Suite struct ConnectionTimerTests {
  private let timeouts = ConnectionTimeouts()

  @Test func `a connection that never says anything is closed without a word`() {
    var peer = Peer()
    #expect(peer.timers == [.head: timeouts.head])
    peer.fire(.head)
    #expect(peer.received.isEmpty)
    #expect(peer.isHalfClosed)
  }

  @Test func `9110 §15.5.9: a head that does not end in time gets 408, and dripping octets do not extend it`()
  {
    var peer = Peer(timeouts: timeouts)
    peer.feed(.received(octets("GET / HT")))
    let armed = peer.timers
    peer.send("TP/1.1~Host: h~A: ")
    #expect(peer.timers == armed && armed == [.head: timeouts.head])
    peer.fire(.head)
    #expect(peer.responses == ["408! head_timeout"])
  }

  @Test func `the deadline of a head is set once: no action when more of it drips in`() {
    var connection = ServerConnection(responder: Echo(), makeRequestID: { "made" })
    _ = connection.on(.opened, date: Peer.date)
    for byte in octets("GET / HTTP/1.1~Host: ") {
      #expect(connection.on(.received([byte]), date: Peer.date).isEmpty)
    }
  }

  @Test func `an idle connection is closed without a word`() {
    var peer = Peer()
    peer.send(get)
    #expect(peer.timers == [.idle: timeouts.idle])
    peer.fire(.idle)
    #expect(peer.responses == ["200 GET /a "])
    #expect(peer.isHalfClosed)
  }

  @Test func `the next head's deadline begins with its first octet`() {
    var peer = Peer()
    peer.send(get)
    peer.send("G")
    #expect(peer.timers == [.head: timeouts.head])
    peer.send("ET /b HTTP/1.1~Host: h~~")
    #expect(peer.timers == [.idle: timeouts.idle])
  }

  @Test func `no timer runs while the responder works`() {
    var peer = Peer(answersAtOnce: false)
    peer.send("POST /b HTTP/1.1~Host: h~Content-Length: 2~~")
    peer.send("hi")
    #expect(peer.timers.isEmpty)
  }

  @Test func `a body that stops arriving gets 408; each arrival begins the time anew`() {
    var connection = ServerConnection(responder: Echo(), makeRequestID: { "made" })
    _ = connection.on(.opened, date: Peer.date)
    _ = connection.on(.received(octets("POST /b HTTP/1.1~Host: h~Content-Length: 5~~")), date: Peer.date)
    let actions = connection.on(.received(octets("he")), date: Peer.date)
    #expect(
      actions.contains { if case .setTimer(.bodyStall, timeouts.bodyStall) = $0 { true } else { false } })

    var peer = Peer()
    peer.send("POST /b HTTP/1.1~Host: h~Content-Length: 5~~he")
    peer.fire(.bodyStall)
    #expect(peer.responses == ["408! body_timeout"])
  }

  @Test func `a body that arrives below the least rate gets 408; one at the rate goes on`() {
    var timeouts = ConnectionTimeouts()
    timeouts.bodyRateWindow = 10
    timeouts.minimumBodyRate = 2
    var peer = Peer(timeouts: timeouts)
    peer.send("POST /b HTTP/1.1~Host: h~Content-Length: 60~~")
    peer.send(String(repeating: "x", count: 20))
    peer.fire(.bodyRate)
    #expect(peer.responses.isEmpty)
    #expect(peer.timers[.bodyRate] == 10)
    peer.send(String(repeating: "x", count: 19))
    peer.fire(.bodyRate)
    #expect(peer.responses == ["408! body_too_slow"])
    #expect(peer.timers == [.linger: timeouts.linger])
  }

  @Test func `a client that does not read is given up; each progress begins the time anew`() {
    var peer = Peer()
    peer.takesWrites = false
    peer.send(get)
    #expect(peer.timers == [.writeStall: timeouts.writeStall])
    peer.flush(leaving: 3)
    #expect(peer.timers == [.writeStall: timeouts.writeStall])
    peer.fire(.writeStall)
    #expect(peer.isClosed)
  }

  @Test(arguments: ServerConnection.Timer.allCases)
  func `a timer that fires after it was disarmed does nothing`(_ timer: ServerConnection.Timer) {
    var peer = Peer(answersAtOnce: false)
    peer.send(get)
    peer.fire(timer)
    #expect(peer.received.isEmpty && !peer.isEnding)
    peer.answerNext()
    #expect(peer.responses == ["200 GET /a "])
  }
}

@Suite struct ConnectionDrainTests {
  @Test(arguments: ["", get])
  func `9112 §9.5: an idle connection is closed gracefully`(_ before: String) {
    var peer = Peer()
    if !before.isEmpty { peer.send(before) }
    peer.feed(.drain)
    #expect(peer.isHalfClosed)
    #expect(peer.timers == [.linger: ConnectionTimeouts().linger])
  }

  @Test func `a request in flight is answered with close`() {
    var peer = Peer(answersAtOnce: false)
    peer.send(get)
    peer.feed(.drain)
    #expect(!peer.isEnding)
    peer.answerNext()
    #expect(peer.responses == ["200! GET /a "])
    #expect(peer.isHalfClosed)
  }

  @Test(arguments: 1..<60)
  func `a request whose head or body has begun is still answered`(_ cut: Int) {
    let bytes = octets("POST /b HTTP/1.1~Host: h~Content-Length: 20~~01234567890123456789")
    var peer = Peer()
    peer.feed(.received(Array(bytes[..<cut])))
    peer.feed(.drain)
    peer.feed(.received(Array(bytes[cut...])))
    #expect(peer.responses == ["200! POST /b 01234567890123456789"])
    #expect(peer.isHalfClosed)
  }

  @Test func `a response already on its way stays as it is; then the connection ends`() {
    var peer = Peer()
    peer.takesWrites = false
    peer.send(get)
    peer.feed(.drain)
    #expect(!peer.isEnding)
    peer.flush()
    #expect(peer.isHalfClosed)
  }
}
