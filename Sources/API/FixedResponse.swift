// A response that is the same for everybody, made when it is first asked for.

import Compression
import HTTP
import Synchronization

/// Content of which every copy is the same as long as the process runs, with its entity tag; in gzip as short as can be.
final class FixedResponse: Sendable {
  private struct Made {
    var plain: Response?
    var gzip: Response?
  }

  private let make: @Sendable () -> Response
  private let made = Mutex(Made())

  /// - Parameter make: may take its time; it is called off the event loop.
  init(_ make: @escaping @Sendable () -> Response) { self.make = make }

  /// The response to a call, or 304, if what it needs was made for an earlier one.
  func ifMade(for call: Call) -> Response? {
    let made = made.withLock { $0 }
    guard let answer = made.plain?.revalidated(for: call.request) else { return nil }
    return call.coding.compresses(answer) ? made.gzip : answer
  }

  /// The response to a call, or 304. Two that ask first at once may both make it.
  func made(for call: Call) async -> Response {
    let plain = made.withLock { $0.plain } ?? make().tagged().holding { true }
    made.withLock { $0.plain = plain }
    if let answer = ifMade(for: call) { return answer }
    let gzip = await call.coding.compressed(plain, level: .best, isKept: true, for: call)
    made.withLock { $0.gzip = gzip }
    return gzip
  }
}
