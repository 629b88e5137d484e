// The documentation of the catalogue: complete, its links lead somewhere, its formulas can be read back.

import Activations
import Export
import Foundation
import Testing

@Suite struct CatalogueDocumentTests {
  private static let document = CatalogueDocument(groups: [
    .init(
      title: "First half", summary: "Up to ten.", entries: Catalogue.all.prefix(10).map { CatalogueEntry($0) }
    ),
    .init(
      title: "The rest_of <them>", summary: "All others: a*b|c.",
      entries: Catalogue.all.dropFirst(10).map { CatalogueEntry($0) }),
  ])
  private static let files = document.files()

  private var page: String { Self.files[0].content }

  @Test func `files are the page and one picture for each entry`() {
    #expect(Self.files[0].path == "docs/activations.md")
    #expect(Self.files.dropFirst().map(\.path) == Catalogue.names.map { "docs/activations/\($0).svg" })
    #expect(Self.files == Self.document.files())
  }

  @Test(arguments: Catalogue.names)
  func `every entry is described`(name: String) throws {
    let entry = try #require(Catalogue.named(name))
    let section = try #require(page.components(separatedBy: "### `\(name)`\n").dropFirst().first)
      .components(separatedBy: "</table>")[0]
    for fact in ["formula", "gain", "moments", "properties", "source"] {
      #expect(section.contains("- **\(fact)** "), "\(fact)")
    }
    #expect(section.contains("`\(entry.formula)`"))
    #expect(section.contains(entry.expression.derivative(by: .x).description))
    for parameter in entry.parameters { #expect(section.contains("`\(parameter.name)` = ")) }
    for alias in entry.aliases { #expect(section.contains("`\(alias)`")) }
    #expect(section.contains("<img src=\"activations/\(name).svg\" width=\"320\""))
  }

  /// The page says that formula and derivative can be given to the strategy `expression`.
  @Test(arguments: Catalogue.names)
  func `formulas can be read back`(name: String) throws {
    let entry = CatalogueEntry(try #require(Catalogue.named(name)))
    let parameters = entry.parameters.initialValues
    for (formula, values) in [(entry.formula, entry.picture.y), (entry.derivative, entry.picture.derivative)]
    {
      let read = try FormulaParser.parse(formula, parameters: Set(parameters.keys))
      for (x, value) in zip(entry.picture.x, values) {
        #expect(abs(read.evaluate(x: x, parameters: parameters) - value) < 1e-9, "at \(x)")
      }
    }
  }

  @Test func `links lead to generated files and headings`() {
    let paths = Set(Self.files.map(\.path))
    for source in page.matches(of: /<img src="([^"]+)"/) {
      #expect(paths.contains("docs/\(source.output.1)"))
    }
    let headings = page.split(separator: "\n").filter { $0.hasPrefix("#") }
    let anchors = headings.map { heading in
      heading.drop { $0 == "#" }.dropFirst().lowercased().replacing(" ", with: "-")
        .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
    let links = page.matches(of: /\]\(#([^)]+)\)/).map { String($0.output.1) }
    #expect(links.count == Catalogue.all.count + 2)
    #expect(Set(links).isSubset(of: anchors) && Set(links).count == links.count)
  }

  @Test func `contents count the groups`() {
    #expect(page.contains("\(Catalogue.all.count) in all"))
    #expect(page.contains("| [First half](#first-half) | 10 | "))
    #expect(page.contains("## The rest\\_of \\<them\\>\n\nAll others: a\\*b\\|c."))
  }

  @Test func `papers are linked`() {
    #expect(page.contains("[arXiv:1502.01852](https://arxiv.org/abs/1502.01852)"))
    #expect(page.contains("[doi:10.1038/323533a0](https://doi.org/10.1038/323533a0)"))
  }

  @Test func `properties are those that the analysis finds`() throws {
    let relu = CatalogueEntry(try #require(Catalogue.named("relu")))
    #expect(
      relu.properties == [
        "continuous, kinks at 0", "nondecreasing", "at least 0", "slope at most 1 on [-10, 10]", "f(0) = 0",
      ])
    let tanh = CatalogueEntry(try #require(Catalogue.named("tanh")))
    #expect(
      tanh.properties == [
        "smooth", "increasing", "between -1 and 1", "odd", "slope at most 1 on [-10, 10]", "f(0) = 0",
      ])
    let step = CatalogueEntry(try #require(Catalogue.named("threshold")))
    #expect(step.properties.first == "jumps at 1")
  }

  @Test func `what training draws is told`() throws {
    #expect(page.contains("**in training** `max(x, 0) + sigma * normal`"))
  }

  /// What a change of the catalogue must bring along; the command writes it.
  @Test func `the committed pages are those of the catalogue`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for file in CatalogueDocument.ofCatalogue().files() {
      let committed = try? String(contentsOf: root.appending(path: file.path), encoding: .utf8)
      #expect(committed == file.content, "\(file.path) is stale; run: curvesmith catalogue")
    }
    let pictures = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: "docs/activations").path)
    #expect(Set(pictures) == Set(Catalogue.names.map { "\($0).svg" }), "a picture of nothing")
  }

  /// README tells how many functions each group has.
  @Test func `the README counts the catalogue`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    for group in Catalogue.groups {
      #expect(readme.contains("| \(group.title) | \(group.entries.count) |"), "\(group.title)")
    }
    let fingerprints = Set(
      Catalogue.all.map { Fingerprint(of: $0.expression, parameters: $0.parameters.initialValues) })
    #expect(
      readme.contains("\(Catalogue.all.count) functions, \(fingerprints.count) of them different"),
      "\(Catalogue.all.count), \(fingerprints.count)")
    #expect(fingerprints.count >= 110)
  }

  /// A long derivative is folded away, and one that rounds to nothing is 0.
  @Test func `long formulas and small means are readable`() throws {
    var entry = CatalogueEntry(try #require(Catalogue.named("tanh")))
    entry.derivative = Array(repeating: "tanh(x)", count: 40).joined(separator: " + ")
    entry.moments.mean = -3e-17
    entry.moments.derivativeSecondMoment = 0
    let page = CatalogueDocument(groups: [.init(title: "One", summary: "Only.", entries: [entry])]).files()[0]
      .content
    #expect(page.contains("<details><summary>derivative</summary>\n\n```text\n\(entry.derivative)\n```"))
    #expect(page.contains("E f = 0, ") && page.contains("backward –"))
  }
}
