// Internet addresses as values, in both versions.

import Glibc

/// An IPv4 or IPv6 address. An IPv4 client of a dual-stack socket (`::ffff:a.b.c.d`) is an IPv4 address here.
public enum IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// In host byte order: 127.0.0.1 is 0x7F00_0001.
  case v4(UInt32)
  /// The two halves in host byte order; `scope` is the interface of a link-local address, otherwise 0.
  case v6(high: UInt64, low: UInt64, scope: UInt32)

  /// The client that this address stands for when connections are counted: one IPv6 client owns a whole /64.
  ///
  /// Source: RFC 6177 §2 (end sites get at least one /64).
  public var client: IPAddress {
    switch self {
    case .v4: self
    case .v6(let high, _, let scope): .v6(high: high, low: 0, scope: scope)
    }
  }

  /// Whether this is the machine itself: 127.0.0.0/8 or ::1.
  ///
  /// Source: RFC 1122 §3.2.1.3 (g), RFC 4291 §2.5.3.
  public var isLoopback: Bool {
    switch self {
    case .v4(let value): value >> 24 == 127
    case .v6(let high, let low, _): high == 0 && low == 1
    }
  }

  /// `127.0.0.1` or `::1`. Source: RFC 5952 §4, as inet_ntop writes it.
  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let written =
      switch self {
      case .v4(let value): withUnsafeBytes(of: value.bigEndian) { Self.present(AF_INET, $0, &text) }
      case .v6(let high, let low, _):
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Self.present(AF_INET6, $0, &text) }
      }
    precondition(written, "every address has a text of at most INET6_ADDRSTRLEN characters")
    return String(cCharacters: text)
  }

  private static func present(_ family: Int32, _ bytes: UnsafeRawBufferPointer, _ text: inout [CChar]) -> Bool
  {
    inet_ntop(family, bytes.baseAddress, &text, socklen_t(text.count)) != nil
  }
}
