// Origins as browsers write them, and no other text.

import HTTP
import Testing

@Suite struct OriginTests {
  @Test(arguments: [
    ("https://tools.example.org", "https://tools.example.org"),
    ("HTTPS://Tools.Example.ORG:443", "https://tools.example.org"),
    ("http://localhost:3000", "http://localhost:3000"), ("http://h:443", "http://h:443"),
    ("http://[::1]:80", "http://[::1]"),
  ]) func `an origin is a scheme, a host and a port`(_ text: String, _ written: String) {
    #expect(Origin(text)?.description == written)
  }

  @Test(arguments: [
    "", "*", "null", "tools.example.org", "ftp://h", "https://", "https://h/", "https://h/x", "https://h?x",
    "https://a,b",
    "https://u@h", "https://h:99999", "https://*.example.org/", " https://h",
  ]) func `nothing else is one`(_ text: String) {
    #expect(Origin(text) == nil)
  }
}
