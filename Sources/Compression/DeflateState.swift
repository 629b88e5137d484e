// zlib's state of one compression, and the idle ones that are kept: to make one costs more than to compress a page.

import CZlib
import Synchronization

/// One compression's state of zlib, about 256 KiB.
///
/// `@unchecked Sendable`: it has no lock; the pool gives each to one `GzipEncoder`, which returns it at its end.
final class DeflateState: @unchecked Sendable {
  let level: Int
  /// zlib's state points back to its stream, which therefore may not move.
  private let stream: UnsafeMutablePointer<z_stream>

  private init(level: Int) {
    self.level = level
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = cz_begin_deflate(stream, Int32(level))
    precondition(status == Z_OK, "zlib cannot begin to compress: \(status)")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Compresses `input` and appends what comes out.
  ///
  /// - Parameter flush: `Z_NO_FLUSH`, `Z_SYNC_FLUSH` or `Z_FINISH`.
  func deflate(_ input: UnsafeRawBufferPointer, flush: Int32, into output: inout [UInt8]) {
    // Pieces, because zlib counts in 32 bits.
    var rest = input[...]
    repeat {
      let piece = rest.prefix(1 << 30)
      rest = rest.dropFirst(piece.count)
      deflate(
        piece: UnsafeRawBufferPointer(rebasing: piece), flush: rest.isEmpty ? flush : Z_NO_FLUSH, &output)
    } while !rest.isEmpty
  }

  private func deflate(piece: UnsafeRawBufferPointer, flush: Int32, _ output: inout [UInt8]) {
    // zlib only reads what it is given, but its declaration does not say so.
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: piece.assumingMemoryBound(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(piece.count)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.window) { window in
      repeat {
        stream.pointee.next_out = window.baseAddress
        stream.pointee.avail_out = UInt32(Self.window)
        let status = CZlib.deflate(stream, flush)
        // Z_BUF_ERROR says only that there was nothing to do.
        precondition(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, "zlib: \(status)")
        output.append(contentsOf: window[..<(Self.window - Int(stream.pointee.avail_out))])
      } while stream.pointee.avail_out == 0
    }
    stream.pointee.next_in = nil
  }

  private static let window = 64 * 1024

  // MARK: - Idle states

  /// More of a level than these are not kept: as many compressions as processors run at a time, and a service shares
  /// them with its training.
  private static let maximumIdle = 4

  private static let idle = Mutex<[DeflateState]>([])

  /// An idle state of this level, or a new one.
  static func take(level: Int) -> DeflateState {
    let waiting = idle.withLock { idle in
      idle.lastIndex { $0.level == level }.map { idle.remove(at: $0) }
    }
    return waiting ?? DeflateState(level: level)
  }

  /// Keeps a state, at whatever point of its work, for the next who compresses.
  static func giveBack(_ state: DeflateState) {
    guard deflateReset(state.stream) == Z_OK else { return }
    idle.withLock { idle in
      if idle.count(where: { $0.level == state.level }) < maximumIdle { idle.append(state) }
    }
  }
}
