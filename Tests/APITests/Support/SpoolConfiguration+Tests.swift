// Places for the content of requests that fail.

import API
import Glibc

extension SpoolConfiguration {
  /// On a disk that is full.
  static var full: SpoolConfiguration {
    var spool = SpoolConfiguration()
    spool.openFile = { _ in open("/dev/full", O_RDWR | O_CLOEXEC) }
    return spool
  }

  /// In a directory that does not exist.
  static var nowhere: SpoolConfiguration {
    var spool = SpoolConfiguration()
    spool.directory = "/nowhere/at/all"
    return spool
  }
}
