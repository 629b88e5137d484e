// How a checkpoint lies in its file: a header in JSON that names sections of numbers, each with its checksum.

import Digest
import JSON

/// Layout, little-endian: 8 bytes `CSCHKPT` and a version byte; u32 length of the header; u32 CRC-32C of the header; the header
/// (UTF-8 JSON); the sections, each at a multiple of 64 bytes, with zeros between; 8 bytes `CSCHKEND`, which a file that was
/// cut off lacks.
///
/// The header has `sections`, a list of `{name, type, count, offset, crc32c}`, and `bytes`, the length of the whole.
enum CheckpointLayout {
  static let magic = Array("CSCHKPT".utf8)
  static let version: UInt8 = 1
  static let trailer = Array("CSCHKEND".utf8)
  /// Where the header begins.
  static let headerStart = 16
  /// A header that is longer is none.
  static let mostHeaderBytes = 16 << 20
  static let alignment = 64

  static func aligned(_ position: Int) -> Int { (position + alignment - 1) / alignment * alignment }
}

/// Numbers of a checkpoint.
enum CheckpointNumbers: Equatable {
  case single([Float])
  case double([Double])

  /// As the header names it.
  var type: String {
    switch self {
    case .single: "f32"
    case .double: "f64"
    }
  }

  var count: Int {
    switch self {
    case .single(let values): values.count
    case .double(let values): values.count
    }
  }

  /// Bytes of one number of a type; nil for an unknown type.
  static func size(of type: String) -> Int? { ["f32": 4, "f64": 8][type] }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .single(let values): try values.withUnsafeBytes(body)
    case .double(let values): try values.withUnsafeBytes(body)
    }
  }

  /// - Parameter bytes: whole numbers of the type.
  init?(_ type: String, _ bytes: UnsafeRawBufferPointer) {
    switch type {
    case "f32":
      self = .single(
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) })
    case "f64":
      self = .double(
        (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) })
    default: return nil
    }
  }
}

/// A document and named numbers, on their way to a file.
struct CheckpointWriting {
  private var document: JSONObject
  private var sections: [(name: String, numbers: CheckpointNumbers)] = []

  init(_ document: JSONObject) { self.document = document }

  mutating func add(_ name: String, _ values: [Float]) { sections.append((name, .single(values))) }
  mutating func add(_ name: String, _ values: [Double]) { sections.append((name, .double(values))) }

  /// Hands the file's bytes to `write`, piece by piece: no second copy of the numbers is made.
  func write(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    let header = header()
    var start = CheckpointLayout.magic + [CheckpointLayout.version]
    start.append(littleEndian: UInt32(header.count))
    start.append(littleEndian: header.withUnsafeBytes(CRC32C.of))
    start += header
    try start.withUnsafeBytes(write)
    var position = start.count
    func fill() throws {
      let next = CheckpointLayout.aligned(position)
      try [UInt8](repeating: 0, count: next - position).withUnsafeBytes(write)
      position = next
    }
    for section in sections {
      try fill()
      try section.numbers.withBytes { bytes in
        try write(bytes)
        position += bytes.count
      }
    }
    try fill()
    try CheckpointLayout.trailer.withUnsafeBytes(write)
  }

  /// Offsets depend on the header's length, which depends on their digits: as wide as they may become.
  private func header() -> [UInt8] {
    let sums = sections.map { $0.numbers.withBytes(CRC32C.of) }
    var reserved = 0
    while true {
      let header = header(dataStart: CheckpointLayout.aligned(CheckpointLayout.headerStart + reserved), sums)
      if header.count <= reserved {
        return header + [UInt8](repeating: UInt8(ascii: " "), count: reserved - header.count)
      }
      reserved = header.count
    }
  }

  private func header(dataStart: Int, _ sums: [UInt32]) -> [UInt8] {
    var position = dataStart
    let described = zip(sections, sums).map { section, sum -> JSONValue in
      position = CheckpointLayout.aligned(position)
      defer { position += section.numbers.withBytes(\.count) }
      return [
        "name": .string(section.name), "type": .string(section.numbers.type),
        "count": .integer(section.numbers.count), "offset": .integer(position), "crc32c": .integer(Int(sum)),
      ]
    }
    var document = document
    document["sections"] = .array(JSONArray(described))
    document["bytes"] = .integer(CheckpointLayout.aligned(position) + CheckpointLayout.trailer.count)
    return JSONValue.object(document).serialized()
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian word: UInt32) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}
