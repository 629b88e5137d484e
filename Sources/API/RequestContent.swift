// The content of a request as it is before anything has read it: in memory or spooled, in gzip or as it is.

import Compression
import HTTP
import HTTPTypes
import Jobs

/// What an operation may read of its request.
struct RequestContent: Sendable {
  /// What came with the request; empty where it is spooled.
  private let sent: [UInt8]
  private let spool: Spool?
  /// The bounds on what is in gzip; nil for what is in no coding.
  private let gzip: GzipLimits?
  private let metrics: APIMetrics

  /// - Parameters:
  ///   - request: with its content, unless `spool` has that.
  ///   - gzip: the bounds on what is in gzip.
  ///   - emptyIsNothing: whether nothing is no file in gzip either.
  init(of request: Request, _ spool: Spool?, gzip: GzipLimits, emptyIsNothing: Bool, metrics: APIMetrics) {
    sent = request.body
    self.spool = spool.flatMap { $0.count > 0 ? $0 : nil }
    self.metrics = metrics
    let isCoded =
      request.fields.contains(.contentEncoding) && ReceivedCoding(request.fields) == .known(.gzip)
    self.gzip = isCoded && !(emptyIsNothing && sent.isEmpty && self.spool == nil) ? gzip : nil
  }

  /// The content without coding, if nothing has to be waited for; nil where it must be read by `bytes`.
  var inHand: [UInt8]? { spool == nil && gzip == nil ? sent : nil }

  /// The content without coding. Blocks on the disk and the processor: for `JobService.compute` alone.
  ///
  /// - Parameter isCounted: whether the metrics count what is inflated; false for the same once more.
  /// - Throws: `StorageError`, `.contentTooLarge`, `.decompressionRatio`, `.truncatedGzip` or `.invalidGzip`.
  func bytes(isCounted: Bool = true) throws -> [UInt8] {
    if let inHand { return inHand }
    var content: [UInt8] = []
    guard let gzip else {
      content.reserveCapacity(spool?.count ?? 0)
      try spool?.forEachPiece { content += $0 }
      return content
    }
    do {
      let decoder = GzipDecoder(limits: gzip)
      if let spool {
        try spool.forEachPiece { try decoder.append($0, to: &content) }
      } else {
        try decoder.append(sent, to: &content)
      }
      try decoder.finish()
    } catch let error as GzipError {
      throw APIError(error)
    }
    if isCounted { metrics.received.add(content: content.count, coded: spool?.count ?? sent.count) }
    return content
  }

  /// Lets go of what is on disk: nobody reads it again.
  func discard() { spool?.discard() }
}

extension Call {
  /// The request with its content, which may be read again. Blocks: for `JobService.compute` alone, so that no more of
  /// them are in memory than there are processors.
  ///
  /// - Throws: as `RequestContent.bytes`.
  func wholeRequest(isCounted: Bool = true) throws -> Request {
    var whole = request
    whole.body = try content.bytes(isCounted: isCounted)
    return whole
  }

  /// What `body` makes of the whole request.
  func compute<Value: Sendable>(
    _ body: @escaping @Sendable (Request) throws -> Value
  ) async throws -> Value {
    try await jobs.compute { try body(wholeRequest()) }
  }
}
