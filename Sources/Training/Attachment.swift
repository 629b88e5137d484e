// Data beside a specification: one file of a table, or arrays in files of their own; and how they are kept.

package import Data

/// A file of CSV or of NumPy's format (NPY) beside the specification (a multipart request's `data` part, or the command
/// line's `--data`), or the arrays of its parts `inputs`, `targets` and `lengths`.
public struct Attachment: Equatable, Sendable {
  private enum Content: Equatable, Sendable {
    case file([UInt8])
    case arrays(ArrayFiles)
  }

  private var content: Content

  /// - Parameter bytes: the file, whole.
  public init(bytes: [UInt8]) {
    content = .file(bytes)
  }

  /// - Parameters:
  ///   - inputs: NPY whose first dimension counts rows.
  ///   - targets: NPY, or CSV of one column.
  ///   - lengths: NPY of one dimension: the steps of each row.
  public init(inputs: [UInt8], targets: [UInt8], lengths: [UInt8]? = nil) {
    content = .arrays(ArrayFiles(inputs: inputs, targets: targets, lengths: lengths))
  }

  /// The file, if it is one.
  package var file: [UInt8]? { if case .file(let bytes) = content { bytes } else { nil } }

  /// The arrays, if they are some.
  package var arrays: ArrayFiles? { if case .arrays(let files) = content { files } else { nil } }
}

// MARK: - As it is kept

extension Attachment {
  /// No table begins so: one with a zero byte is none.
  private static let magic: [UInt8] = [0] + Array("CSARRAYS".utf8) + [1]

  /// What `init(stored:)` reads: a file as it is; of arrays ten octets of a mark, three counts of octets (64 bits,
  /// little-endian; all ones where there is none), and the arrays one after the other.
  public var bytes: [UInt8] {
    switch content {
    case .file(let bytes): return bytes
    case .arrays(let files):
      let parts = [files.inputs, files.targets, files.lengths]
      var bytes = Self.magic
      bytes.reserveCapacity(parts.reduce(Self.magic.count + 24) { $0 + ($1?.count ?? 0) })
      for part in parts {
        let count = part.map { UInt64($0.count) } ?? .max
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: count >> shift))
        }
      }
      for part in parts { bytes += part ?? [] }
      return bytes
    }
  }

  /// Reads what `bytes` gave; what is no arrays is a file. O(bytes)
  public init(stored bytes: [UInt8]) {
    content = Self.arrays(stored: bytes).map(Content.arrays) ?? .file(bytes)
  }

  private static func arrays(stored bytes: [UInt8]) -> ArrayFiles? {
    var position = magic.count + 24
    guard bytes.count >= position, bytes.starts(with: magic) else { return nil }
    var parts: [[UInt8]?] = []
    for index in 0..<3 {
      let start = magic.count + 8 * index
      let count = bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if count == .max {
        parts.append(nil)
      } else {
        guard count <= UInt64(bytes.count - position) else { return nil }
        parts.append(Array(bytes[position..<position + Int(count)]))
        position += Int(count)
      }
    }
    guard position == bytes.count, let inputs = parts[0], let targets = parts[1] else { return nil }
    return ArrayFiles(inputs: inputs, targets: targets, lengths: parts[2])
  }
}
