// A blocking HTTP client for tests: it sends raw octets and reads framed replies.

import Glibc
import Net
import TLS

/// One response as it came over the wire.
struct Reply: Sendable, Equatable {
  var status: Int
  /// The field lines, with names in lower case.
  var fields: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }
}

struct MalformedReply: Error {
  var octets: [UInt8]
}

/// One connection to 127.0.0.1. Its calls block; use it within `onThread`.
final class Client {
  private let connection: BlockingConnection
  private var buffer: [UInt8] = []
  /// What enciphers and deciphers; nil in clear.
  let session: TLSSession?

  /// - Parameter trust: whose certificate the server has, for a connection with TLS.
  init(port: Int, receiveBuffer: Int32? = nil, trusting trust: TLSTrust? = nil) throws {
    let address = SocketAddress(host: .v4(0x7F00_0001), port: UInt16(port))
    connection = try BlockingConnection(to: address, timeout: .seconds(50), receiveBuffer: receiveBuffer)
    session = try trust.map { TLSSession(client: try TLSContext(trusting: $0), name: "127.0.0.1") }
    guard let session else { return }
    try connection.send(session.start())
    while session.state == .handshaking { _ = try receive() }
    if case .failed(let failure) = session.state { throw failure }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }
  func send(_ bytes: [UInt8]) throws {
    try connection.send(session.map { session in bytes.withUnsafeBytes { session.write($0) } } ?? bytes)
  }
  /// Says by TLS that no more will be written.
  func shutdown() throws { try connection.send(session?.shutdown() ?? []) }
  func finishSending() throws { try connection.finishSending() }
  /// The connection ends with RST as soon as the client is let go of.
  func resetAtEnd() throws { try connection.resetWhenClosed() }

  /// Returns when the connection has broken, without reading what has arrived.
  func waitUntilReset() throws {
    do {
      while true { try connection.send([0x0D, 0x0A]) }
    } catch  where error.code != ETIMEDOUT {}
  }

  func get(_ path: String, fields: String = "") throws -> Reply? {
    try send("GET \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n")
    return try reply()
  }

  func post(_ path: String, _ body: [UInt8]) throws -> Reply? {
    try send("POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n")
    try send(body)
    return try reply()
  }

  /// The next response; nil when the server has finished instead.
  func reply() throws -> Reply? {
    var end = headEnd(from: 0)
    while end == nil {
      let searched = max(0, buffer.count - 3)
      guard try receive() else {
        if buffer.isEmpty { return nil }
        throw MalformedReply(octets: buffer)
      }
      end = headEnd(from: searched)
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { throw MalformedReply(octets: buffer) }
      fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
    }
    guard let status else { throw MalformedReply(octets: buffer) }
    if fields["transfer-encoding"] == "chunked" {
      buffer.removeFirst(end + 4)
      return Reply(status: status, fields: fields, body: try chunks())
    }
    let length = fields["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < end + 4 + length {
      guard try receive() else { throw MalformedReply(octets: buffer) }
    }
    let body = Array(buffer[(end + 4)..<(end + 4 + length)])
    buffer.removeFirst(end + 4 + length)
    return Reply(status: status, fields: fields, body: body)
  }

  /// The content of a chunked response without trailers.
  private func chunks() throws -> [UInt8] {
    var content: [UInt8] = []
    while let chunk = try chunk() { content += chunk }
    return content
  }

  /// The content of the next chunk; nil for the last.
  func chunk() throws -> [UInt8]? {
    func take(_ count: Int) throws -> [UInt8] {
      while buffer.count < count {
        guard try receive() else { throw MalformedReply(octets: buffer) }
      }
      defer { buffer.removeFirst(count) }
      return Array(buffer[..<count])
    }
    var line: [UInt8] = []
    while !line.suffix(2).elementsEqual([0x0D, 0x0A]) { line += try take(1) }
    guard let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) else {
      throw MalformedReply(octets: line)
    }
    let content = try take(size)
    guard try take(2) == [0x0D, 0x0A] else { throw MalformedReply(octets: content) }
    return size == 0 ? nil : content
  }

  /// The status and fields of a response, whose content is left to be read.
  func head() throws -> Int? {
    while headEnd(from: 0) == nil {
      guard try receive() else { return nil }
    }
    guard let end = headEnd(from: 0) else { return nil }
    defer { buffer.removeFirst(end + 4) }
    return Int(String(decoding: buffer[..<end], as: UTF8.self).split(separator: " ")[1])
  }

  /// Everything that comes until the server finishes.
  func rest() throws -> [UInt8] {
    while try receive() {}
    defer { buffer = [] }
    return buffer
  }

  /// Whether any octets came before the server finished.
  private func receive() throws -> Bool {
    let bytes = try connection.receive()
    guard let session else {
      buffer += bytes
      return !bytes.isEmpty
    }
    if bytes.isEmpty {
      session.endOfTransport()
      return false
    }
    let input = bytes.withUnsafeBytes { session.feed($0) }
    try connection.send(input.ciphertext)
    buffer += input.plaintext
    return !input.plaintext.isEmpty || !session.inputHasEnded
  }

  private func headEnd(from start: Int) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard buffer.count >= mark.count else { return nil }
    return (min(start, buffer.count - 4)...(buffer.count - 4)).first {
      buffer[$0..<($0 + 4)].elementsEqual(mark)
    }
  }
}
