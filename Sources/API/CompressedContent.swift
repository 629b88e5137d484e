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
  private let jobs: JobService
  private let progress = Mutex(Progress(encoder: GzipEncoder(level: .fast)))

  init(_ content: [UInt8], on jobs: JobService) {
    self.content = content
    self.jobs = jobs
  }

  func next() async throws -> [UInt8]? {
    try await jobs.compute { self.piece() }
  }

  /// What comes of the next slices, until it is something; nil after the last.
  private func piece() -> [UInt8]? {
    progress.withLock { progress in
      var output: [UInt8] = []
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
      return output
    }
  }
}
