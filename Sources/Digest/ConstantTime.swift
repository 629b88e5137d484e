// Comparison of digests in a time that does not tell how much of them is the same.

/// Whether two sequences of bytes are equal.
///
/// The time depends on the lengths alone: every byte is looked at, and no branch depends on one. Not inlined, so that no
/// caller's knowledge of its bytes can shorten it.
@inline(never)
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for index in left.indices { difference |= left[index] ^ right[index] }
  return difference == 0
}
