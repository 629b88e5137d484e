// Where the content of a request waits for its operation: its beginning in memory, the rest on disk.

@preconcurrency import Dispatch
import Glibc
import HTTP
import Jobs
import Synchronization

/// How the content of requests waits.
public struct SpoolConfiguration: Sendable {
  /// Where its files are, which have no names; by default the system's folder for temporary ones.
  public var directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  /// Octets of one content that are kept in memory; the rest is in a file.
  public var memory = 256 * 1024
  /// Opens a file in a directory; -1 and `errno` on failure.
  package var openFile: @Sendable (_ directory: String) -> Int32 = SpoolFile.openUnnamed

  /// The defaults above.
  public init() {}
}

/// The content of one request, of which no more than a part is in memory.
package final class Spool: ContentSink {
  private struct State {
    var memory: [UInt8] = []
    var file: SpoolFile?
    /// Octets in the file.
    var filed = 0
    var isDiscarded = false
  }

  /// Writes and closes all files, one after the other: a disk has only so much room at a time, and those who wait for it are
  /// held up by their connections.
  static let queue = DispatchQueue(label: "api.spool")

  /// Octets that are read from a file at a time.
  private static let piece = 256 * 1024

  private let configuration: SpoolConfiguration
  private let state = Mutex(State())

  /// An empty one.
  package init(_ configuration: SpoolConfiguration) { self.configuration = configuration }

  /// Octets of content.
  package var count: Int { state.withLock { $0.memory.count + $0.filed } }

  /// Takes the next octets.
  ///
  /// - Throws: `StorageError`.
  package func take(_ bytes: [UInt8]) async throws {
    let isKept = state.withLock { state in
      guard state.filed == 0, state.memory.count + bytes.count <= configuration.memory else { return false }
      state.memory += bytes
      return true
    }
    if isKept { return }
    try await withCheckedContinuation { continuation in
      Self.queue.async { continuation.resume(returning: Result { try self.file(bytes) }) }
    }.get()
  }

  /// On the queue. The disk is waited for without the lock, since the event loop may want it.
  private func file(_ bytes: [UInt8]) throws(StorageError) {
    let (known, isDiscarded) = state.withLock { ($0.file, $0.isDiscarded) }
    if isDiscarded { return }
    let file =
      if let known { known } else {
        try SpoolFile(in: configuration.directory, opening: configuration.openFile)
      }
    try file.append(bytes)
    state.withLock { state in
      if state.isDiscarded { return }
      state.file = file
      state.filed += bytes.count
    }
  }

  /// As `discard`.
  package func abandon() { discard() }

  /// Lets go of the content, in memory and on disk.
  package func discard() {
    state.withLock { state in
      state.isDiscarded = true
      state.memory = []
      state.filed = 0
      state.file = nil
    }
  }

  /// Gives the content to `body` piece by piece. Blocks on the disk.
  package func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    let (memory, file, filed) = state.withLock { ($0.memory, $0.file, $0.filed) }
    if !memory.isEmpty { try body(memory) }
    guard let file else { return }
    var offset = 0
    while offset < filed {
      let piece = try file.read(at: offset, count: min(Self.piece, filed - offset))
      try body(piece)
      offset += piece.count
    }
  }
}
