// Seeds of random numbers as members of a document.

package import JSON

extension ObjectReader {
  /// A seed: a whole number from 0 to 2⁵³ − 1, the largest that every JSON reader keeps exact.
  package mutating func seed(_ name: String) -> UInt64? {
    integer(name, in: 0...(1 << 53) - 1).map(UInt64.init)
  }
}
