// Socket addresses in the kernel's form, in both directions.

import Glibc

/// Room for any socket address that a system call writes.
struct AddressBuffer {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  mutating func withPointers<Result>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
    }
  }

  /// What the system call wrote. Only sockets of IPv4 and IPv6 are made here.
  var address: SocketAddress {
    withUnsafePointer(to: storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard let address = SocketAddress(pointer) else {
          preconditionFailure("a socket address of family \(pointer.pointee.sa_family)")
        }
        return address
      }
    }
  }
}

extension SocketAddress {
  /// Nil for families other than IPv4 and IPv6; `port` replaces the structure's own.
  init?(_ address: UnsafePointer<sockaddr>, port: UInt16? = nil) {
    let raw = UnsafeRawPointer(address)
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      let v4 = raw.load(as: sockaddr_in.self)
      host = .v4(UInt32(bigEndian: v4.sin_addr.s_addr))
      self.port = port ?? UInt16(bigEndian: v4.sin_port)
    case AF_INET6:
      let v6 = raw.load(as: sockaddr_in6.self)
      let (high, low) = withUnsafeBytes(of: v6.sin6_addr) { bytes in
        (
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
      let isMapped = high == 0 && low >> 32 == 0xFFFF
      host =
        isMapped ? .v4(UInt32(truncatingIfNeeded: low)) : .v6(high: high, low: low, scope: v6.sin6_scope_id)
      self.port = port ?? UInt16(bigEndian: v6.sin6_port)
    default: return nil
    }
  }

  /// Gives the address to a system call such as bind or connect.
  func withKernelForm<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    switch host {
    case .v4(let value):
      var v4 = sockaddr_in()
      v4.sin_family = sa_family_t(AF_INET)
      v4.sin_port = port.bigEndian
      v4.sin_addr.s_addr = value.bigEndian
      return Self.rebound(v4, body)
    case .v6(let high, let low, let scope):
      var v6 = sockaddr_in6()
      v6.sin6_family = sa_family_t(AF_INET6)
      v6.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &v6.sin6_addr) { bytes in
        bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      v6.sin6_scope_id = scope
      return Self.rebound(v6, body)
    }
  }

  private static func rebound<Address, Result>(
    _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }

  var family: Int32 {
    switch host {
    case .v4: AF_INET
    case .v6: AF_INET6
    }
  }
}
