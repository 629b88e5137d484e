// Reads the bytes of a checkpoint, and trusts none of them before its checksum.

import Digest
import JSON

/// The document and the numbers of a checkpoint.
struct CheckpointReading {
  let document: JSONValue
  private var sections: [String: CheckpointNumbers] = [:]

  /// - Throws: what is wrong with other bytes. O(bytes)
  init(_ bytes: UnsafeRawBufferPointer) throws(StoredFormatError) {
    typealias Layout = CheckpointLayout
    guard bytes.count >= Layout.headerStart, bytes.starts(with: Layout.magic) else {
      throw .damaged("no checkpoint")
    }
    guard bytes[Layout.magic.count] == Layout.version else { throw .unsupportedVersion }
    func word(_ offset: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    let length = Int(word(8))
    guard length <= Layout.mostHeaderBytes, length <= bytes.count - Layout.headerStart else {
      throw .damaged("the header is cut off")
    }
    let header = UnsafeRawBufferPointer(rebasing: bytes[Layout.headerStart..<Layout.headerStart + length])
    guard CRC32C.of(header) == word(12) else { throw .damaged("the header's checksum is another") }
    guard let document = try? JSONParser.parse(Array(header)) else { throw .notJSON }
    guard document["bytes"]?.intValue == bytes.count, bytes.suffix(8).elementsEqual(Layout.trailer) else {
      throw .damaged("the end is cut off")
    }
    self.document = document
    var position = Layout.headerStart + length
    for section in document["sections"]?.arrayValue ?? [] {
      let read = try Self.section(section, from: position, in: bytes)
      sections[read.name] = read.numbers
      position = read.end
    }
  }

  private static func section(
    _ section: JSONValue, from position: Int, in bytes: UnsafeRawBufferPointer
  ) throws(StoredFormatError) -> (name: String, numbers: CheckpointNumbers, end: Int) {
    guard let name = section["name"]?.stringValue, let type = section["type"]?.stringValue,
      let size = CheckpointNumbers.size(of: type), let count = section["count"]?.intValue, count >= 0,
      let offset = section["offset"]?.intValue, offset >= position,
      offset.isMultiple(of: CheckpointLayout.alignment), offset <= bytes.count - 8,
      count <= (bytes.count - 8 - offset) / size, let sum = section["crc32c"]?.intValue
    else { throw .damaged("a section does not lie inside the file") }
    let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count * size])
    guard Int(CRC32C.of(part)) == sum, let numbers = CheckpointNumbers(type, part) else {
      throw .damaged("the checksum of \(name) is another")
    }
    return (name, numbers, offset + count * size)
  }

  /// A section in single precision.
  func single(_ name: String) throws(StoredFormatError) -> [Float] {
    guard case .single(let values)? = sections[name] else { throw .damaged("\(name) is missing") }
    return values
  }

  /// A section in double precision.
  func double(_ name: String) throws(StoredFormatError) -> [Double] {
    guard case .double(let values)? = sections[name] else { throw .damaged("\(name) is missing") }
    return values
  }
}
