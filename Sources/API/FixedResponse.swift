// A response that is the same for everybody, made when it is first asked for.

import HTTP
import Synchronization

/// Content of which every copy is the same as long as the process runs, with its entity tag.
final class FixedResponse: Sendable {
  private let make: @Sendable () -> Response
  private let response = Mutex<Response?>(nil)

  /// - Parameter make: may take its time; it is called off the event loop.
  init(_ make: @escaping @Sendable () -> Response) { self.make = make }

  /// The response, if it was asked for before.
  var ifMade: Response? { response.withLock { $0 } }

  /// The response. Two that ask first at once may both make it.
  func made() -> Response {
    if let ifMade { return ifMade }
    let made = make().tagged()
    response.withLock { $0 = made }
    return made
  }
}
