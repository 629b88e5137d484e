// Comparing secrets without telling by the time it takes how much of them is right.

/// Whether two byte strings are the same, in a time that depends on their lengths alone.
///
/// Lengths are not secret: unequal ones are answered at once. Compare digests of secrets whose length is one.
@inline(never)
package func areEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for index in left.indices { difference |= left[index] ^ right[index] }
  return difference == 0
}
