// Bytes are written as digits and read again, and nothing else is read.

import Digest
import Testing

@Suite struct HexadecimalTests {
  @Test func `every byte is written as two digits and read again in either case`() {
    let all = [UInt8](0...255)
    let text = hexadecimal(all)
    #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff") && text.utf8.count == 512)
    #expect(bytes(hexadecimal: text) == all)
    #expect(bytes(hexadecimal: text.uppercased()) == all)
    #expect(bytes(hexadecimal: "") == [])
  }

  @Test(arguments: ["0", "abc", "0g", " 00", "0x00", "é0"])
  func `what is no pair of digits is not read`(_ text: String) {
    #expect(bytes(hexadecimal: text) == nil)
  }
}
