// Names for requests that bring none.

import Synchronization

/// 32 hexadecimal digits, no two alike: half of them of this process, drawn once, half counted from a number that was drawn.
final class RequestIDs: Sendable {
  private let prefix = UInt64.random(in: 0 ... .max)
  private let count = Atomic<UInt64>(.random(in: 0 ... .max))

  /// A name that was not given before. Without a system call.
  func next() -> String {
    String(unsafeUninitializedCapacity: Self.length) { digits in
      write(to: UnsafeMutableRawBufferPointer(digits))
      return Self.length
    }
  }

  /// Fills `digits`, which has room for one name exactly, with the next.
  func write(to digits: UnsafeMutableRawBufferPointer) {
    precondition(digits.count == Self.length, "a name has \(Self.length) digits")
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    for index in 0..<16 {
      digits[index] = Self.digit(prefix >> UInt64(60 - 4 * index))
      digits[16 + index] = Self.digit(number >> UInt64(60 - 4 * index))
    }
  }

  private static let length = 32

  private static func digit(_ bits: UInt64) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: bits & 15)
    return value < 10 ? 0x30 + value : 0x57 + value
  }
}
