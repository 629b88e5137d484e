// Reading what the peers share: whole files, and arrays in NumPy's format.

import Glibc

func readFile(_ path: String) throws(BenchmarkError) -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw BenchmarkError("cannot read \(path): \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    if count == 0 { return bytes }
    bytes.append(contentsOf: buffer[..<count])
  }
}

func fileExists(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// An array as `numpy.save` writes it (NEP 1, version 1): row-major and little-endian.
struct NumpyArray {
  let shape: [Int]
  private let type: String
  private let bytes: ArraySlice<UInt8>

  init(_ path: String) throws(BenchmarkError) {
    let file = try readFile(path)
    guard file.count > 10, file[..<6].elementsEqual([0x93] + Array("NUMPY".utf8)), file[6] == 1 else {
      throw BenchmarkError("\(path) is not an array of NumPy's format 1")
    }
    let start = 10 + Int(file[8]) + Int(file[9]) << 8
    let header = String(decoding: file[10..<min(start, file.count)], as: UTF8.self)
    guard header.contains("'fortran_order': False"), let type = header.between("'descr': '", "'"),
      let shape = header.between("'shape': (", ")")
    else { throw BenchmarkError("\(path) has a header that is not understood: \(header)") }
    self.type = type
    self.shape = shape.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
    bytes = file.dropFirst(start)
  }

  /// The elements, row-major, as another type of number.
  func elements<Number: BinaryFloatingPoint>(as _: Number.Type) throws(BenchmarkError) -> [Number] {
    switch type {
    case "<f4": values(Float.self).map { Number($0) }
    case "<f8": values(Double.self).map { Number($0) }
    case "<i4": values(Int32.self).map { Number($0) }
    case "<i8": values(Int64.self).map { Number($0) }
    case "|u1": values(UInt8.self).map { Number($0) }
    default: throw BenchmarkError("arrays of \(type) are not read")
    }
  }

  private func values<Value>(_: Value.Type) -> [Value] {
    bytes.withUnsafeBytes { raw in
      let size = MemoryLayout<Value>.stride
      return (0..<raw.count / size).map { raw.loadUnaligned(fromByteOffset: $0 * size, as: Value.self) }
    }
  }
}

extension String {
  /// What stands after the first `opening` and before the next `closing`.
  fileprivate func between(_ opening: String, _ closing: String) -> String? {
    guard let start = firstRange(of: opening)?.upperBound,
      let end = self[start...].firstRange(of: closing)?.lowerBound
    else { return nil }
    return String(self[start..<end])
  }
}

extension StringProtocol {
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
