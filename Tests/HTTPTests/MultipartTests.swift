// Forms: what clients send, and what they should not.

import HTTP
import HTTPTypes
import Testing

@Suite struct MultipartTests {
  /// The parts as `name|filename|type|content`, or the error.
  private func parse(
    _ body: String, type: String = "multipart/form-data; boundary=b", limits: Multipart.Limits = .init()
  ) -> [String] {
    do throws(MultipartError) {
      guard let media = MediaType(parsing: type) else { return ["no media type"] }
      return try Multipart.parse(octets(body), contentType: media, limits: limits).map {
        "\($0.name)|\($0.filename ?? "-")|\($0.contentType?.essence ?? "-")|\(text($0.content))"
      }
    } catch {
      return ["\(error)"]
    }
  }

  private static let disposition = "Content-Disposition: form-data; name="

  @Test func `RFC 7578: parts with their names, files and types, in order`() {
    let body = """
      --b~Content-Disposition: form-data; name="spec"~Content-Type: application/json; charset=utf-8~~{}~\
      --b~content-disposition: form-data; name="data"; filename="a b.csv"~~1,2~3,4~~--b--~
      """
    #expect(parse(body) == ["spec|-|application/json|{}", "data|a b.csv|-|1,2~3,4~"])
  }

  @Test func `RFC 2046 §5.1.1: preamble and epilogue are ignored, and blanks may pad a boundary`() {
    #expect(parse("pre~amble~--b \t~\(Self.disposition)a~~x~--b--~epilogue --b") == ["a|-|-|x"])
    #expect(parse("~--b~\(Self.disposition)a~~x~--b--") == ["a|-|-|x"])
  }

  @Test(arguments: [
    "x--b", "x~-b", "~--c", "\0\r\n\r\n", "~", "", "x\r", "x--b--", "~-", "\r\r\r\n-",
  ])
  func `content is any octets, also such that look like a boundary`(_ content: String) {
    let body = "--b~\(Self.disposition)a~~\(content)~--b--"
    #expect(parse(body) == ["a|-|-|\(content.replacing("\r\n", with: "~"))"])
  }

  @Test func `RFC 2046 §5.1.1: a part may end with its header`() {
    #expect(parse("--b~\(Self.disposition)a~~--b~\(Self.disposition)c~~x~--b--") == ["a|-|-|", "c|-|-|x"])
  }

  @Test func `quoted names and boundaries are unquoted`() {
    #expect(
      parse("--a b~\(Self.disposition)\"x\\\"y\"~~1~--a b--", type: "Multipart/Form-Data; Boundary=\"a b\"")
        == ["x\"y|-|-|1"])
  }

  @Test func `a form without parts is empty`() {
    #expect(parse("--b--~") == [])
  }

  @Test(arguments: [
    ("", "missingFirstBoundary"),
    ("hello", "missingFirstBoundary"),
    ("--b", "missingFinalBoundary"),
    ("--b~", "missingFinalBoundary"),
    ("--b~\(disposition)a~~x", "missingFinalBoundary"),
    ("--b~\(disposition)a~~x~--b", "missingFinalBoundary"),
    ("--b~\(disposition)a~~x~--b~", "missingFinalBoundary"),
    ("--bx~\(disposition)a~~x~--b--", "malformedBoundaryLine"),
    ("--b~no colon~~x~--b--", "malformedPartHeader"),
    ("--b~A b: c~~x~--b--", "malformedPartHeader"),
    ("--b~A: \0~~x~--b--", "malformedPartHeader"),
    ("--b~A: \r~~x~--b--", "malformedPartHeader"),
    ("--b~~x~--b--", "missingName"),
    ("--b~Content-Disposition: form-data~~x~--b--", "missingName"),
    ("--b~Content-Disposition: form-data; name=\"\"~~x~--b--", "missingName"),
    ("--b~Content-Disposition: attachment; name=a~~x~--b--", "missingName"),
    ("--b~Content-Disposition: form-data; name=a; name=b~~x~--b--", "missingName"),
    ("--b~\(disposition)a~Content-Type: nonsense~~x~--b--", "invalidContentType"),
    ("--b~\(disposition)a~~x~--b~\(disposition)a~~y~--b--", "duplicateName(\"a\")"),
  ])
  func `malformed forms are refused with the exact reason`(_ body: String, _ error: String) {
    #expect(parse(body) == [error])
  }

  @Test(arguments: [
    ("multipart/mixed; boundary=b", "notFormData"), ("multipart/form-data", "invalidBoundary"),
    ("multipart/form-data; boundary=\"\"", "invalidBoundary"),
    ("multipart/form-data; boundary=\"a \"", "invalidBoundary"),
    ("multipart/form-data; boundary=\"a\u{E9}\"", "invalidBoundary"),
    ("multipart/form-data; boundary=\(String(repeating: "b", count: 71))", "invalidBoundary"),
  ])
  func `the announced type must be a form with a good boundary`(_ type: String, _ error: String) {
    #expect(parse("--b--", type: type) == [error])
  }

  @Test func `parts, header lines and header octets are bounded, to the one`() {
    var limits = Multipart.Limits()
    limits.parts = 2
    limits.partHeaderCount = 2
    limits.partHeader = 60
    func form(parts: Int = 1, lines: Int = 1, padding: Int = 0) -> String {
      (0..<parts).map { "--b~\(Self.disposition)\($0)~\(String(repeating: "A: b~", count: lines - 1))~x~" }
        .joined()
        .replacing("name=0", with: "name=0\(String(repeating: "0", count: padding))") + "--b--"
    }
    #expect(parse(form(parts: 2), limits: limits).count == 2)
    #expect(parse(form(parts: 3), limits: limits) == ["tooManyParts(maximum: 2)"])
    #expect(parse(form(lines: 2), limits: limits).count == 1)
    #expect(parse(form(lines: 3), limits: limits) == ["partHeaderTooLarge"])
    // "Content-Disposition: form-data; name=0" has 38 octets; with two line ends there is room for 18 more.
    #expect(parse(form(padding: 18), limits: limits).count == 1)
    #expect(parse(form(padding: 30), limits: limits) == ["partHeaderTooLarge"])
  }

  @Test func `no beginning of a form is a form, and none traps`() {
    let body =
      "--b~\(Self.disposition)a; filename=\"f\"~Content-Type: text/csv~~1,2~--b~\(Self.disposition)c~~x~--b--"
    for length in 0..<octets(body).count - 1 {
      let errors = parse(text(octets(body).prefix(length)))
      #expect(errors.count == 1 && !errors[0].contains("|"), "cut at \(length)")
    }
  }
}
