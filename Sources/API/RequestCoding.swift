// The content coding of a request: taken off before an operation sees the content.

import Compression
import HTTP
import HTTPTypes
import Jobs

extension Call {
  /// Whether the request's content is in gzip.
  var isCoded: Bool {
    request.fields.contains(.contentEncoding) && ReceivedCoding(request.fields) == .known(.gzip)
  }

  /// The request with its content as it was before it was compressed.
  ///
  /// Inflated where it keeps nobody from being answered; both bounds, on the octets sent and on the content, are `maximum`.
  /// - Throws: `.contentTooLarge`, `.decompressionRatio`, `.truncatedGzip` or `.invalidGzip`.
  func decoded(maximum: Int, emptyIsNothing: Bool) async throws -> Call {
    guard isCoded else { return self }
    var decoded = request
    decoded.head.headerFields[.contentEncoding] = nil
    if !(emptyIsNothing && request.body.isEmpty) {
      var limits = GzipLimits()
      limits.maximumBytes = maximum
      limits.maximumRatio = configuration.maximumGzipRatio
      let file = request.body
      do {
        decoded.body = try await jobs.compute { [limits] in try Gzip.decompressed(file, limits: limits) }
        metrics.received.add(content: decoded.body.count, coded: file.count)
      } catch let error as GzipError {
        throw APIError(error)
      }
    }
    var call = self
    call.request = decoded
    return call
  }
}

extension APIError {
  fileprivate init(_ error: GzipError) {
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
