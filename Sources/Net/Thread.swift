// Starts a thread of its own for work that blocks, which Swift's cooperative pool must never do.

import CLinux
import Glibc

/// Runs `body` on a new thread with this name (at most 15 octets are kept), which ends with it.
///
/// Error: `EAGAIN` when the system has no room for another thread.
package func startThread(
  name: String, _ body: @escaping @Sendable () -> Void
) throws(SystemError) {
  let box = Unmanaged.passRetained(ThreadBody(name: name, run: body))
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      guard let context else { preconditionFailure("pthread_create passes its argument on") }
      let body = Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
      _ = cl_name_thread(String(decoding: body.name.utf8.prefix(15), as: UTF8.self))
      body.run()
      return nil
    }, box.toOpaque())
  guard code == 0 else {
    box.release()
    throw SystemError(call: "pthread_create", code: code)
  }
  pthread_detach(thread)
}

private final class ThreadBody: Sendable {
  let name: String
  let run: @Sendable () -> Void

  init(name: String, run: @escaping @Sendable () -> Void) {
    self.name = name
    self.run = run
  }
}
