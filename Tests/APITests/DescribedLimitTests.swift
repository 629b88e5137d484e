// The table of limits: nothing that is enforced is left out, and the description of the document is written from it.

import API
import HTTP
import JSON
import Testing
import Training

@Suite struct DescribedLimitTests {
  /// Bounds that concern the server alone: `readAhead`, `writeAhead`, `delivery`, `undelivered`, `drain` and `linger` of sizes,
  /// and of times `bodyRateWindow`, `drain` and `linger`.
  private static let ofTheServer = 9

  @Test func `every limit of requests, connections and training has a row`() {
    let bounds = [ConnectionLimits() as Any, ConnectionTimeouts(), TrainingLimits()].map(Self.bounds)
    // Rows of the API itself: the depth of JSON, what gzip may become, how long a form may be, and connections in all and
    // from one address.
    let own = 5
    let rows = DescribedLimit.all.count { ["requests", "connections", "training"].contains($0.group) }
    #expect(rows - own == bounds.reduce(0, +) - Self.ofTheServer)
  }

  /// The numbers of a value, those of its parts among them.
  private static func bounds(_ value: Any) -> Int {
    let children = Mirror(reflecting: value).children
    return children.isEmpty ? 1 : children.map { bounds($0.value) }.reduce(0, +)
  }

  @Test func `the limits in openapi.yaml are those of the table`() throws {
    var groups: [String] = []
    for limit in DescribedLimit.all where groups.last != limit.group { groups.append(limit.group) }
    #expect(Set(groups).count == groups.count)
    let wanted = groups.map { group in
      let limits = DescribedLimit.all.filter { $0.group == group }
      return "        \(group):\n          type: object\n          required:\n"
        + limits.map { "            - \($0.name)\n" }.joined() + "          properties:\n"
        + limits.map { limit in
          "            \(limit.name):\n              type: \(limit.isWhole ? "integer" : "number")\n"
            + "              minimum: 0\n"
            + "              description: '\(limit.meaning.replacing("'", with: "''"))'\n"
        }.joined()
    }.joined()
    let isFresh = try OpenAPIDocument.holds(wanted, as: "the limits")
    #expect(isFresh, "run the tests with CURVESMITH_RECORD=1 to write the limits anew")
  }
}
