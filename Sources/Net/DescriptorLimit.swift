// How many descriptors the process may open.

import Glibc

/// Raises the soft limit on open descriptors to the hard one, so that the configured number of connections fits.
///
/// The soft limit is 1024 on most systems for the sake of programs that use `select`, which this one does not.
public func raiseDescriptorLimit() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
