// Sockets, addresses and the blocking client, over the loopback interface.

import Glibc
import Net
import Testing

@Suite(.timeLimit(.minutes(10))) struct SocketTests {
  @Test
  func `bytes go both ways through the loop until the client finishes, however small the kernel's buffers`()
    async throws
  {
    let sent = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try await withLoop { loop in
      let listener = try Listener()
      let address = listener.socket.address
      _ = try await loop.run { Result { try serveEcho(on: loop, listener) } }.get()
      let received = try await onThread {
        let client = try BlockingConnection(to: address, timeout: .seconds(50))
        var received: [UInt8] = []
        for start in stride(from: 0, to: sent.count, by: 100_000) {
          try client.send(Array(sent[start..<min(start + 100_000, sent.count)]))
          while received.count < start + 100_000 - 50_000 { received += try client.receive() }
        }
        try client.finishSending()
        return try received + client.receiveAll(limit: .max)
      }
      #expect(received == sent)
    }
  }

  @Test func `a refused connection and a taken port have the kernel's reasons`() async throws {
    let listener = try ListeningSocket(on: .loopback)
    let address = listener.address
    #expect(throws: SystemError(call: "bind", code: EADDRINUSE)) { _ = try ListeningSocket(on: address) }
    _ = consume listener
    await #expect(throws: SystemError(call: "connect", code: ECONNREFUSED)) {
      try await onThread { _ = try BlockingConnection(to: address, timeout: .seconds(30)) }
    }
    #expect(SystemError(call: "bind", code: EADDRINUSE).description == "bind: Address already in use")
  }

  @Test func `a silent server is given up at the deadline`() async throws {
    let listener = try Listener()
    let began = ContinuousClock.now
    await #expect(throws: SystemError(call: "poll", code: ETIMEDOUT)) {
      try await onThread {
        _ = try BlockingConnection(to: listener.socket.address, timeout: .milliseconds(20)).receive()
      }
    }
    #expect(began.duration(to: .now) >= .milliseconds(20))
  }

  @Test func `a reset reaches the other side as an error, a finish as an end`() async throws {
    let listener = try Listener()
    try await onThread {
      let first = try BlockingConnection(to: listener.socket.address, timeout: .seconds(30))
      guard let accepted = try waitToAccept(listener) else { return }
      try accepted.finishSending()
      #expect(try first.receive().isEmpty)

      let second = try BlockingConnection(to: listener.socket.address, timeout: .seconds(30))
      guard let other = try waitToAccept(listener) else { return }
      try other.resetWhenClosed()
      _ = consume other
      #expect(throws: SystemError(call: "recv", code: ECONNRESET)) { try second.receive() }
    }
  }

  @Test func `a peer that does not read costs the kernel little more than 256 KiB`() async throws {
    let listener = try Listener()
    try await onThread {
      let client = try BlockingConnection(
        to: listener.socket.address, timeout: .seconds(30), receiveBuffer: 4096)
      guard let accepted = try waitToAccept(listener) else { return }
      let bytes = [UInt8](repeating: 7, count: 1000)
      var taken = 0
      // What the client's side of the kernel takes arrives a little later.
      for _ in 0..<1000 {
        while let count = try accepted.send(bytes.span.bytes) { taken += count }
      }
      #expect((256 * 1024..<512 * 1024).contains(taken), "\(taken) octets")
      _ = consume client
    }
  }

  @Test func `the first address that can be bound is taken`() throws {
    // 192.0.2.0/24 is for documentation (RFC 5737): no interface has it.
    let foreign = SocketAddress(host: .v4(0xC000_0201), port: 0)
    let bound = try ListeningSocket(onFirstOf: [foreign, .loopback])
    #expect(bound.address.host == SocketAddress.loopback.host)
    #expect(throws: SystemError(call: "bind", code: EADDRNOTAVAIL)) {
      _ = try ListeningSocket(onFirstOf: [foreign])
    }
  }

  @Test(.enabled(if: hasIPv6))
  func `all of IPv6 is all of IPv4 too, whose clients are IPv4 addresses`() async throws {
    let any = try #require(try SocketAddress.resolve(host: "::", port: 0).first)
    let listener = try Listener(on: any)
    let port = listener.socket.address.port
    try await onThread {
      for host in ["127.0.0.1", "::1"] {
        let client = try BlockingConnection(
          to: SocketAddress.resolve(host: host, port: port)[0], timeout: .seconds(30))
        let peer = try waitToAccept(listener)?.peer.host
        #expect(peer?.description == host)
        withExtendedLifetime(client) {}
      }
    }
  }
}

@Suite struct AddressTests {
  @Test(arguments: [
    ("127.0.0.1", "127.0.0.1:80"), ("0.0.0.0", "0.0.0.0:80"), ("255.1.2.3", "255.1.2.3:80"),
    ("::1", "[::1]:80"), ("2001:DB8:0:0:0:0:0:1", "[2001:db8::1]:80"), ("::ffff:10.0.0.1", "10.0.0.1:80"),
  ])
  func `addresses have their standard text`(host: String, expected: String) throws {
    #expect(try SocketAddress.resolve(host: host, port: 80).map(\.description) == [expected])
  }

  @Test func `a host name that cannot exist is a typed error with its name`() throws {
    let error = #expect(throws: ResolutionError.self) {
      try SocketAddress.resolve(host: "256.1.1.1.invalid", port: 80)
    }
    #expect(error?.description.hasPrefix("256.1.1.1.invalid: ") == true)
  }

  @Test func `an IPv6 client is its /64, an IPv4 client its address`() throws {
    func client(_ host: String) throws -> IPAddress? {
      try SocketAddress.resolve(host: host, port: 0).first?.host.client
    }
    #expect(try client("2001:db8::1") == client("2001:db8::ffff:1"))
    #expect(try client("2001:db8::1") != client("2001:db8:0:1::1"))
    #expect(try client("192.0.2.1") != client("192.0.2.2"))
  }
}

private let hasIPv6: Bool = {
  let any = IPAddress.v6(high: 0, low: 1, scope: 0)
  return (try? ListeningSocket(on: SocketAddress(host: any, port: 0))) != nil
}()

/// Accepts as soon as a connection waits, which one that has just been made on this machine does.
private func waitToAccept(_ listener: Listener) throws -> StreamSocket? {
  while true {
    if let socket = try listener.socket.accept() { return socket }
  }
}

/// Accepts connections and sends back what they send, until they finish.
private func serveEcho(on loop: EventLoop, _ listener: Listener) throws -> Registration {
  try listener.socket.register(with: loop) {
    do {
      while let socket = try listener.socket.accept() { try Echo(socket).begin(on: loop) }
    } catch {
      Issue.record(error)
    }
  }
}

/// One connection of the echo server; lives in its handler, on the loop.
private final class Echo {
  private let socket: StreamSocket
  private var registration: Registration?
  private var pending: [UInt8] = []
  private var hasEnded = false

  init(_ socket: consuming StreamSocket) throws {
    try socket.setSendBuffer(16_384)
    self.socket = socket
  }

  func begin(on loop: EventLoop) throws {
    registration = try socket.register(with: loop, for: .readable) { [self] _ in
      do {
        try run(on: loop)
      } catch {
        Issue.record(error)
      }
    }
  }

  private func run(on loop: EventLoop) throws {
    if pending.isEmpty, !hasEnded {
      var buffer = [UInt8](repeating: 0, count: 3000)
      switch try buffer.withUnsafeMutableBytes({ try socket.receive(into: $0) }) {
      case .bytes(let count): pending = Array(buffer.prefix(count))
      case .end: hasEnded = true
      case .wouldBlock: break
      }
    }
    let bytes = pending
    if !bytes.isEmpty, let sent = try socket.send(bytes.span.bytes) { pending.removeFirst(sent) }
    guard let registration else { return }
    if hasEnded, pending.isEmpty {
      loop.unregister(registration)
    } else {
      loop.modify(registration, to: pending.isEmpty ? .readable : .writable)
    }
  }
}
