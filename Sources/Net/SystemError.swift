// The one way in which this target calls the kernel: interrupted calls are repeated, failures are typed.

import CLinux
import Glibc

/// A system call that failed, with the kernel's reason.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call's name, for example `bind`.
  public var call: String
  /// The value of `errno`, for example `EADDRINUSE`.
  public var code: Int32

  /// The failure of a call with an `errno`.
  package init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// `bind: Address already in use`.
  public var description: String {
    var text = [CChar](repeating: 0, count: 256)
    guard strerror_r(code, &text, text.count) == 0 else { return "\(call): error \(code)" }
    return "\(call): \(String(cCharacters: text))"
  }
}

/// System calls that the calling thread has made through this target, those that a signal interrupted among them. Tests
/// hold requests to a number of them; closing a descriptor is not counted.
package var systemCallCount: UInt64 { cl_counted_calls() }

/// Runs a call that answers -1 and sets `errno` on failure, again as long as a signal interrupts it.
///
/// A bad descriptor or address is our own fault and must not go on unseen: by then the number may belong to
/// someone else's descriptor.
@discardableResult
func system<Result: FixedWidthInteger>(
  _ call: StaticString, _ body: () -> Result
) throws(SystemError) -> Result {
  while true {
    cl_count_call()
    let result = body()
    if result >= 0 { return result }
    let code = errno
    if code == EINTR { continue }
    precondition(
      code != EBADF && code != EFAULT && code != ENOTSOCK, "\(call) on a bad descriptor or address")
    throw SystemError(call: "\(call)", code: code)
  }
}

/// As `system`, but nil when the call would have to wait on a non-blocking descriptor.
func nonBlocking<Result: FixedWidthInteger>(
  _ call: StaticString, _ body: () -> Result
) throws(SystemError) -> Result? {
  do {
    return try system(call, body)
  } catch {
    if error.code == EAGAIN || error.code == EWOULDBLOCK { return nil }
    throw error
  }
}

extension String {
  /// The text before the terminating NUL that a C function wrote into a buffer.
  init(cCharacters buffer: [CChar]) {
    self.init(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
