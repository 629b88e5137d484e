// What can be wrong with a file in NumPy's format, and how it is said.

/// One violation of the format, at its byte.
package struct NPYError: Error, Equatable, Sendable {
  /// What is wrong.
  package enum Reason: Equatable, Sendable {
    case magic
    case version(major: UInt8, minor: UInt8)
    case shortHeader
    case longHeader(limit: Int)
    case header(expected: String)
    case repeatedKey(String)
    case unknownKey(String)
    case missingKey(String)
    case unsupportedType(String)
    case dimensions(Int, allowed: ClosedRange<Int>)
    case empty
    case tooManyRows(limit: Int)
    case tooManyColumns(limit: Int)
    case dataSize(found: Int, expected: Int)
    case notBoolean(UInt8)
  }

  /// What is wrong.
  package var reason: Reason
  /// Bytes before the offending one.
  package var byteOffset: Int

  /// A violation at a byte, counted from 0.
  package init(reason: Reason, byteOffset: Int) {
    self.reason = reason
    self.byteOffset = byteOffset
  }
}

extension NPYError: CustomStringConvertible {
  private static let advice =
    " (rows with a shape are sent as the part `inputs` beside a part `targets`)"

  package var description: String {
    let text =
      switch reason {
      case .magic: "not a file in NumPy's format"
      case .version(let major, let minor): "version \(major).\(minor) is not known; 1.0, 2.0 and 3.0 are"
      case .shortHeader: "the file ends within its header"
      case .longHeader(let limit): "the header has more than \(limit) bytes"
      case .header(let expected): "the header should have \(expected) here"
      case .repeatedKey(let key): "the header has `\(key)` twice"
      case .unknownKey(let key): "the header has an unknown key `\(key)`"
      case .missingKey(let key): "the header lacks `\(key)`"
      case .unsupportedType(let type):
        "elements of type `\(type)` are not read; numbers are: f4, f8, i1 to i8, u1 to u8 and b1"
      case .dimensions(let count, allowed: 1...2):
        "the array has \(count) dimensions; rows and columns are needed\(count == 3 || count == 4 ? Self.advice : "")"
      case .dimensions(let count, let allowed):
        "the array has \(count) dimensions; it may have \(allowed.lowerBound) to \(allowed.upperBound), of which the first counts rows"
      case .empty: "the array has no elements"
      case .tooManyRows(let limit): "more than \(limit) rows"
      case .tooManyColumns(let limit): "more than \(limit) columns"
      case .dataSize(let found, let expected): "\(found) bytes of data, but the header announces \(expected)"
      case .notBoolean(let byte): "\(byte) is no boolean"
      }
    return "byte \(byteOffset): \(text)"
  }
}
