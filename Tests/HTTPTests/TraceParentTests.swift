// The traceparent field: what is a trace, and what begins a new one.

import HTTP
import HTTPTypes
import Testing

@Suite struct TraceParentTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let span = "00f067aa0ba902b7"

  private func parent(_ lines: String...) throws -> TraceParent? {
    TraceParent(try request(.get, fields: lines.map { "traceparent: \($0)~" }.joined()).fields)
  }

  @Test func `Trace Context §3.2: version, trace, span and flags`() throws {
    let parent = try #require(try parent("00-\(Self.trace)-\(Self.span)-03"))
    #expect(parent.traceID == Self.trace && parent.parentID == Self.span && parent.flags == 3)
  }

  @Test(arguments: ["", "-", "-more", "-x-y"])
  func `Trace Context §3.2.4: of a later version the first 55 characters count`(_ rest: String) throws {
    #expect(try parent("01-\(Self.trace)-\(Self.span)-01\(rest)")?.traceID == Self.trace)
    #expect(try parent("cc-\(Self.trace)-\(Self.span)-01\(rest)")?.traceID == Self.trace)
  }

  @Test(arguments: [
    "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-0", "00-\(trace)-\(span)-01-more",
    "00-\(trace)-\(span)-011", "01-\(trace)-\(span)-01more", "ff-\(trace)-\(span)-01",
    "00-\(trace.uppercased())-\(span)-01", "00-00000000000000000000000000000000-\(span)-01",
    "00-\(trace)-0000000000000000-01", "00_\(trace)_\(span)_01", "0g-\(trace)-\(span)-01",
    "00-\(trace)-\(span)-0x", "00-\(trace.dropLast())-0\(span)-01",
  ])
  func `Trace Context §3.2: anything else is disregarded`(_ text: String) throws {
    #expect(try parent(text) == nil)
  }

  @Test func `no field, or two, begin a new trace`() throws {
    #expect(try parent() == nil)
    #expect(try parent("00-\(Self.trace)-\(Self.span)-01", "00-\(Self.trace)-\(Self.span)-01") == nil)
  }
}
