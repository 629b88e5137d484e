// The fields of content codings: which is chosen, which is read, and the tags of what is coded.

import HTTP
import HTTPTypes
import Testing

@Suite struct AcceptEncodingTests {
  private func accepted(_ lines: [String]) throws -> AcceptEncoding {
    AcceptEncoding(try request(.get, fields: lines.map { "Accept-Encoding: \($0)~" }.joined()).fields)
  }

  @Test(arguments: [
    "gzip", "x-gzip", "GZIP", "*", "gzip, deflate, br, zstd", "deflate, gzip;q=1.0, *;q=0.5", "gzip;q=0.001",
    "br;q=1.0, gzip;q=0.8", "gzip ; q=0.5, identity;q=0.5", "*;q=0.2, identity;q=0.1", "identity;q=0, *",
    "gzip, *;q=0", "compress, gzip, gzip;q=0",
  ])
  func `9110 §12.5.3: gzip if it is asked for`(_ field: String) throws {
    #expect(try accepted([field]).preferred == .gzip)
  }

  @Test(arguments: [
    [], [""], ["identity"], ["br, zstd"], ["gzip;q=0"], ["*, gzip;q=0"], ["gzip;q=0.5, identity"],
    ["gzip;q=0.4, identity;q=0.5"], ["gzip;q=2"], ["gzip;q=0.1234"], ["gzip deflate"],
    ["*;q=0.1, identity;q=0.2"],
    ["*;q=0, identity"], ["gzip;q=0", "gzip"],
  ])
  func `9110 §12.5.3: the content as it is otherwise`(_ lines: [String]) throws {
    let accepted = try accepted(lines)
    #expect(accepted.preferred == .identity && accepted.allowsIdentity)
  }

  @Test(arguments: ["identity;q=0", "*;q=0", "br, *;q=0", "identity;q=0, gzip;q=0.000", "identity;q=0, br"])
  func `9110 §12.5.3: nothing acceptable is 406`(_ field: String) throws {
    #expect(try accepted([field]).preferred == nil)
  }

  @Test func `content as it is can be refused while gzip is taken`() throws {
    for field in ["gzip, identity;q=0", "gzip, *;q=0"] {
      #expect(try !accepted([field]).allowsIdentity)
    }
    #expect(try accepted(["gzip"]).allowsIdentity)
  }

  @Test func `two lines are one list`() throws {
    #expect(try accepted(["br", "gzip"]).preferred == .gzip)
  }
}

@Suite struct ReceivedCodingTests {
  @Test(arguments: [
    ("", ReceivedCoding.known(.identity)), ("identity", .known(.identity)), ("gzip", .known(.gzip)),
    ("X-GZIP", .known(.gzip)), ("br", .unknown("br")), ("gzip, gzip", .unknown("gzip, gzip")),
    ("identity, gzip", .unknown("identity, gzip")), ("deflate", .unknown("deflate")),
  ])
  func `9110 §8.4: at most one coding, and that gzip`(_ field: String, _ expected: ReceivedCoding) throws {
    let fields = HTTPFields([HTTPField(name: .contentEncoding, value: field)])
    #expect(ReceivedCoding(fields) == expected)
  }
}

@Suite struct CodedTagTests {
  private func uncoded(_ name: HTTPField.Name, _ value: String, _ coding: ContentCoding) -> String? {
    HTTPFields([HTTPField(name: name, value: value)]).withUncodedPreconditions(for: coding)[name]
  }

  @Test func `a tag of coded content has a suffix`() {
    #expect(EntityTag("r17").coded(.gzip).description == "\"r17-gzip\"")
    #expect(EntityTag("r17").coded(.identity) == EntityTag("r17"))
  }

  @Test func `a tag of gzip counts for who takes gzip, and in If-Match always`() {
    #expect(uncoded(.ifNoneMatch, "\"a-gzip\", W/\"b-gzip\", \"c\"", .gzip) == "\"a\", W/\"b\", \"c\"")
    #expect(uncoded(.ifNoneMatch, "\"a-gzip\"", .identity) == "\"a-gzip\"")
    #expect(uncoded(.ifMatch, "\"a-gzip\"", .identity) == "\"a\"")
    #expect(uncoded(.ifNoneMatch, "*", .gzip) == "*")
    #expect(HTTPFields().withUncodedPreconditions(for: .gzip).isEmpty)
  }
}
