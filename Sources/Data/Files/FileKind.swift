// What a file is by its first bytes: what is read, and of everything else its name and the way out.

import Text

/// What the bytes of a file are.
enum FileKind: Equatable {
  /// A table as text, by all appearances.
  case text
  /// An array in NumPy's format.
  case array
  /// Something that is not read: what it is, and what to do.
  case foreign(String)

  private static let signatures: [(bytes: [UInt8], answer: String)] = [
    ([0x1F, 0x8B], "a gzip file; send it uncompressed"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file; send it uncompressed"),
    ([0x42, 0x5A, 0x68], "a bzip2 file; send it uncompressed"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file; send it uncompressed"),
    ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive; send the CSV file in it"),
    (
      Array("PAR1".utf8),
      "a Parquet file; convert it, as by `python -c \"import pandas as p; p.read_parquet('F').to_csv('F.csv', index=False)\"`"
    ),
    (
      Array("ARROW1".utf8),
      "an Arrow (Feather) file; convert it, as by `python -c \"import pandas as p; p.read_feather('F').to_csv('F.csv', index=False)\"`"
    ),
    (Array("ORC".utf8) + [0x08], "an ORC file; convert it to CSV"),
    (Array("Obj".utf8) + [0x01], "an Avro file; convert it to CSV"),
    ([0x89, 0x48, 0x44, 0x46], "an HDF5 file; convert it to CSV or NPY"),
    ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (XLS); save the sheet as CSV"),
    (Array("%PDF".utf8), "a PDF document; a table as CSV is needed"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG image; send its pixels as CSV or NPY"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image; send its pixels as CSV or NPY"),
    (Array("SQLite format 3".utf8), "an SQLite database; export the table as CSV"),
    (Array("RDX".utf8), "a file of R's `save`; write it with `write.csv`"),
  ]

  /// Looks at the first 4 KiB. O(1).
  ///
  /// - Parameter encoding: what the client says of a text.
  init(_ bytes: [UInt8], encoding: TextEncoding? = nil) {
    let head = bytes.prefix(4096)
    if NPYArray.isLikely(bytes) {
      self = .array
    } else if let found = Self.signatures.first(where: { head.starts(with: $0.bytes) }) {
      self = .foreign(found.answer)
    } else if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      self = .foreign(Self.archive(head))
    } else if head.first == 0x80, let version = head.dropFirst().first, (2...5).contains(version) {
      self = .foreign("a Python pickle, which is never read because it can run code; write CSV or NPY")
    } else if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      self = .text
    } else if encoding == .utf16LittleEndian || encoding == .utf16BigEndian {
      self = .text
    } else if head.contains(0) {
      let hasText = head.count >= 4 && Self.looksLikeUTF16(head)
      self = .foreign(
        hasText
          ? "text in UTF-16 without a byte order mark; send UTF-8, or set `encoding`"
          : "binary data; CSV or NPY is needed")
    } else {
      self = Self.kind(ofText: head)
    }
  }

  private static func archive(_ head: ArraySlice<UInt8>) -> String {
    let text = String(decoding: head, as: UTF8.self)
    if text.contains("[Content_Types].xml") || text.contains("xl/") {
      return "a ZIP archive, an Excel workbook (XLSX) by its contents; save the sheet as CSV"
    }
    if text.contains(".npy") {
      return "a ZIP archive of NumPy arrays (NPZ); write one array with `numpy.save`"
    }
    return "a ZIP archive (an Excel workbook?); save the sheet as CSV, or send the CSV file in it"
  }

  /// Whether every other byte of the first hundred is 0, and only every other.
  private static func looksLikeUTF16(_ head: ArraySlice<UInt8>) -> Bool {
    let sample = Array(head.prefix(100))
    let zeros = [0, 1].map { offset in
      stride(from: offset, to: sample.count, by: 2).count { sample[$0] == 0 }
    }
    return zeros.contains { 2 * $0 >= sample.count * 8 / 10 } && zeros.contains { 2 * $0 < sample.count / 2 }
  }

  private static func kind(ofText head: ArraySlice<UInt8>) -> FileKind {
    let rest = head.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
    switch rest.first {
    case UInt8(ascii: "<"): return .foreign("a web page or XML, not a table; was a login page saved?")
    case UInt8(ascii: "{"):
      let line = rest.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
      let isWhole = line.last { $0 > 0x20 } == UInt8(ascii: "}")
      let next = rest.dropFirst(line.count).drop { $0 <= 0x20 }.first
      if isWhole, next == UInt8(ascii: "{") {
        return .foreign(
          "JSON Lines, not CSV; convert it, as by `python -c \"import pandas as p; p.read_json('F', lines=True).to_csv('F.csv', index=False)\"`"
        )
      }
      return next == nil || line.contains(UInt8(ascii: "\"")) || rest.count == 1
        ? .foreign("JSON, not CSV; send rows as `inputs` and `targets` of the document") : .text
    case UInt8(ascii: "["):
      let next = rest.dropFirst().drop { $0 <= 0x20 }.first
      let isJSON =
        next.map { "[{\"-0123456789]".utf8.contains($0) } ?? true
      return isJSON
        ? .foreign("JSON, not CSV; send rows as `inputs` and `targets` of the document") : .text
    default: return .text
    }
  }
}
