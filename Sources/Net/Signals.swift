// The one signal that sockets raise.

import Glibc

/// Makes writing to a broken connection an error (`EPIPE`) in the whole process instead of its end by
/// SIGPIPE.
///
/// Sockets are written without the signal anyway; this is for pipes such as a standard error whose reader
/// is gone.
public func ignoreBrokenPipeSignal() {
  signal(SIGPIPE, SIG_IGN)
}
