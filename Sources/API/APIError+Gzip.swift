// What is said of content that is not the gzip that it claims to be.

import Compression

extension APIError {
  init(_ error: GzipError) {
    self =
      switch error {
      case .truncated: .truncatedGzip
      case .malformed(let reason): .invalidGzip("It is no gzip file: \(reason).")
      case .trailingBytes: .invalidGzip("Something other than gzip follows its last member.")
      case .tooManyMembers(let maximum): .invalidGzip("It has more than \(maximum) members.")
      case .headerTooLong(let maximum):
        .invalidGzip("More than \(maximum) bytes of it hold no content, such as a file name.")
      case .contentTooLarge(let maximum): .contentTooLarge(maximum: maximum)
      case .ratioTooHigh(let maximum): .decompressionRatio(maximum: maximum)
      }
  }
}
