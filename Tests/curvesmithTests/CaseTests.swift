// The small tables that went wrong for people elsewhere: each is read as it was meant, or what is wrong is named.

import Foundation
import JSON
import Testing

/// What must become of a table: it trains on the same numbers as a plain one, or the service says what it found.
///
/// Where a table may be read or refused, each counts; what never counts is another meaning without a word.
enum Expectation: Sendable {
  /// Trains exactly as this plain table does.
  case reads(String)
  /// Trains as the plain table, or says something with all of these words.
  case readsOrSays(String, [String])
  /// Trains as the plain table and says so too.
  case readsAndSays(String, [String])
  /// Whatever it does, one fault or warning has all of these words.
  case says([String])
  /// Is refused, with a fault that has all of these words.
  case refuses([String])

  func check(
    _ name: String, _ outcome: Outcome, by client: Client, spec: JSONValue,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let met =
      switch self {
      case .reads(let plain): outcome.isSame(as: try await client.outcome(spec, csv: plain))
      case .readsOrSays(let plain, let words):
        if outcome.says(words) {
          true
        } else {
          outcome.isSame(as: try await client.outcome(spec, csv: plain))
        }
      case .readsAndSays(let plain, let words):
        outcome.isSame(as: try await client.outcome(spec, csv: plain)) && outcome.says(words)
      case .says(let words): outcome.says(words)
      case .refuses(let words): outcome.status == 422 && outcome.says(words)
      }
    #expect(met, "\(name): \(outcome), expected \(self)", sourceLocation: sourceLocation)
    #expect(outcome.status < 500, sourceLocation: sourceLocation)
  }
}

@Suite struct CaseTests {
  struct Item: Sendable, CustomTestStringConvertible {
    var name: String
    var expectation: Expectation
    var task: String?

    init(_ name: String, _ expectation: Expectation, task: String? = nil) {
      self.name = name
      self.expectation = expectation
      self.task = task
    }

    var testDescription: String { name }
  }

  /// A case's table with every match of a pattern replaced.
  static func plain(_ name: String, _ pattern: String, _ replacement: String) -> String {
    ((try? Case.text(name)) ?? "").replacingOccurrences(
      of: pattern, with: replacement, options: .regularExpression)
  }

  static let items: [Item] = [
    // One text among the numbers of a column.
    Item("number-column-question-mark", .says(["power"]), task: "regression"),
    Item("number-target-not-available", .says(["`y`"]), task: "regression"),
    Item(
      "decimal-comma-quoted",
      .readsOrSays(plain("decimal-comma-quoted", #""(\d+),(\d+)""#, "$1.$2"), ["a", "decimal"])),
    Item("percent-signs", .readsOrSays(plain("percent-signs", "%", ""), ["`a`", "%"])),
    Item(
      "thousands-quoted",
      .readsOrSays(plain("thousands-quoted", #""(\d+),(\d+)""#, "$1$2"), ["`a`", "thousands"])),

    // The header.
    Item("pandas-index", .readsAndSays(plain("pandas-index", "(?m)^[^,]*,", ""), ["first column", "name"])),
    Item("trailing-commas", .reads(plain("trailing-commas", "(?m),$", ""))),
    Item("blank-first-line", .readsOrSays(plain("blank-first-line", "^\n", ""), ["line 1", "blank"])),
    Item("spaces-after-commas", .reads(plain("spaces-after-commas", ", ", ","))),
    Item("no-header", .says(["header"])),
    Item("header-trailing-space", .readsOrSays(plain("header-trailing-space", "price ", "price"), ["price"])),
    Item("header-duplicate", .refuses(["`a`", "twice"])),

    // Dialects, encodings and files that are no tables.
    Item("semicolon", .readsOrSays(plain("semicolon", ";", ","), ["semicolon"])),
    Item("tab-separated", .readsOrSays(plain("tab-separated", "\t", ","), ["tab"])),
    Item("cr-line-ends", .readsOrSays(plain("cr-line-ends", "\r", "\n"), ["CR alone"])),
    Item("utf-16", .readsOrSays(plain("cr-line-ends", "\r", "\n"), ["UTF-16"])),
    Item("excel-workbook", .refuses(["Excel"])),
    Item("gzip-file", .readsOrSays(plain("cr-line-ends", "\r", "\n"), ["gzip"])),
    Item("json-lines-file", .refuses(["JSON"])),
    Item(
      "quoted-newlines",
      .reads(plain("quoted-newlines", #""(s|n)(?:ay ""hi"", then go|orth\nwest)""#, "$1"))),

    // Missing values.
    Item("missing-features-and-targets", .says(["2", "60", "`y`", "left out"]), task: "regression"),
    Item("all-missing-column", .says(["`a`", "no value"])),

    // Categories.
    Item("date-column", .says(["`date`"]), task: "regression"),
  ]

  @Test(arguments: items)
  func `a table is read as it was meant, or what is wrong with it is named`(item: Item) async throws {
    let spec = try Case.spec(item.name)
    let csv = try Case.csv(item.name)
    try await LiveService.run { client in
      let outcome = try await client.outcome(spec, csv: csv)
      try await item.expectation.check(item.name, outcome, by: client, spec: spec)
      if outcome.trained, let task = item.task { #expect(outcome.task == task, "\(item.name): \(outcome)") }
    }
  }
}
