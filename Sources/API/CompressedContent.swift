// Long content that is compressed while it is sent.

import Compression
import HTTP
import Jobs
import Synchronization

/// The gzip form of some content, a piece of it at a time.
final class CompressedContent: ContentProducer {
  private struct Progress: ~Copyable, Sendable {
    var encoder: GzipEncoder?
    var offset = 0
  }

  /// Octets of content that are compressed in one go: 3 ms.
  private static let slice = 256 * 1024

  private let content: [UInt8]
  private let call: Call
  private let progress = Mutex(Progress(encoder: GzipEncoder(level: .fast)))

  init(_ content: [UInt8], for call: Call) {
    self.content = content
    self.call = call
  }

  func next() async throws -> [UInt8]? {
    try await call.jobs.compute { self.piece() }
  }

  /// What comes of the next slices, until it is something; nil after the last.
  private func piece() -> [UInt8]? {
    progress.withLock { progress in
      var output: [UInt8] = []
      let start = progress.offset
      while output.isEmpty {
        guard var encoder = progress.encoder.take() else { return nil }
        let end = min(progress.offset + Self.slice, content.count)
        encoder.append(Array(content[progress.offset..<end]), to: &output)
        progress.offset = end
        if end < content.count {
          progress.encoder = consume encoder
        } else {
          encoder.finish(into: &output)
        }
      }
      call.metrics.sent.add(content: progress.offset - start, coded: output.count)
      return output
    }
  }
}
