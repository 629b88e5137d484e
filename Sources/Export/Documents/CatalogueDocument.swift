// The documentation of the catalogue: one Markdown page and a picture for every function, made from their definitions.

import Activations

/// A page that lists activations by group, and the pictures that it shows.
///
/// The files are written by a command and held equal to the catalogue by a test, so the page cannot go stale.
public struct CatalogueDocument: Sendable {
  /// Functions that belong together.
  public struct Group: Sendable {
    /// The heading.
    public var title: String
    /// One sentence on what its functions have in common.
    public var summary: String
    /// The functions, in the order in which they are listed.
    public var entries: [CatalogueEntry]

    /// A group of these functions.
    public init(title: String, summary: String, entries: [CatalogueEntry]) {
      self.title = title
      self.summary = summary
      self.entries = entries
    }
  }

  /// A generated file; `path` is relative to the repository.
  public struct File: Sendable, Equatable {
    /// Relative to the directory that is written to.
    public var path: String
    /// The whole text.
    public var content: String
  }

  /// The groups, in the order in which they are listed.
  public var groups: [Group]

  /// A document of these groups.
  public init(groups: [Group]) { self.groups = groups }

  /// `docs/activations.md` first, then `docs/activations/<name>.svg` in the order of the page.
  public func files() -> [File] {
    [File(path: "docs/activations.md", content: page)]
      + groups.flatMap(\.entries).map {
        File(path: "docs/\(Self.picturePath($0))", content: $0.picture.svg())
      }
  }

  /// Relative to the page.
  private static func picturePath(_ entry: CatalogueEntry) -> String { "activations/\(entry.name).svg" }

  private var page: String {
    var anchors = Anchors()
    _ = anchors.next(Self.title)
    _ = anchors.next(Self.notation)
    let links = groups.map { group in
      (group: anchors.next(group.title), entries: group.entries.map { anchors.next($0.name) })
    }
    var lines = [
      "<!-- Made from the catalogue in Sources/Activations; do not edit. -->", "", "# \(Self.title)", "",
      Self.introduction(count: groups.reduce(0) { $0 + $1.entries.count }), "",
      "| group | functions | |", "| :-- | --: | :-- |",
    ]
    for (group, link) in zip(groups, links) {
      let names = zip(group.entries, link.entries).map { "[`\($0.name)`](#\($1))" }
      lines.append(
        "| [\(Markdown.escaped(group.title))](#\(link.group)) | \(group.entries.count) | \(names.joined(separator: " ")) |"
      )
    }
    lines += ["", "## \(Self.notation)", "", Self.legend]
    for group in groups {
      lines += ["", "## \(Markdown.escaped(group.title))", "", Markdown.escaped(group.summary)]
      for entry in group.entries { lines += [""] + Self.section(entry) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let title = "Activation functions"
  private static let notation = "How to read this page"

  private static func introduction(count: Int) -> String {
    """
    Every function that a job can name, \(count) in all: as `"activation": "name"`, or as a candidate of a \
    strategy. The service answers the same facts at `GET /v1/activations/{name}`.
    """
  }

  private static let legend = """
    - The picture shows f (solid) and its derivative f′ (dashed) on [−5, 5] at the initial parameters. Where one jumps, a \
    filled dot is the value taken and a ring the one that is not. A derivative \
    that dwarfs the function is cut off.
    - **formula** and **derivative** are written in the grammar that the strategy `expression` reads.
    - **in training** is what a stochastic function computes instead, `uniform` being a number drawn from [0, 1) and `normal` a \
    standard normal one, anew for every element and step.
    - **parameters** stand with the value that training starts from and the domain that it keeps them in.
    - **gain** is 1/√(E f²) forward and 1/√(E f′²) backward for a standard normal input: weights of variance gain²/fan-in keep \
    the second moment of the signal, weights of variance gain²/fan-out that of the gradient.
    - **moments** are E f and E f² for the same input.
    """

  /// Picture at the left, facts at the right.
  private static func section(_ entry: CatalogueEntry) -> [String] {
    let (width, height) = (Int(FunctionPicture.width), Int(FunctionPicture.height))
    let moments = entry.moments
    var facts = ["**formula** \(Markdown.code(entry.formula))"]
    if let training = entry.trainingFormula { facts.append("**in training** \(Markdown.code(training))") }
    let isLong = entry.derivative.count > longDerivative
    if !isLong { facts.append("**derivative** \(Markdown.code(entry.derivative))") }
    if !entry.aliases.isEmpty {
      facts.insert("**also** " + entry.aliases.map(Markdown.code).joined(separator: ", "), at: 0)
    }
    if !entry.parameters.isEmpty {
      facts.append("**parameters** " + entry.parameters.map(text).joined(separator: "; "))
    }
    facts += [
      "**gain** forward \(number(moments.forwardGain)), backward \(number(moments.backwardGain))",
      // A mean that quadrature leaves at rounding's size is 0.
      "**moments** E f = \(number(moments.mean.magnitude < 1e-9 ? 0 : moments.mean)), E f² = \(number(moments.secondMoment))",
    ]
    if !entry.properties.isEmpty {
      facts.append("**properties** " + entry.properties.map(Markdown.escaped).joined(separator: "; "))
    }
    facts.append("**source** " + Markdown.linked(entry.source))
    let details =
      isLong
      ? [
        "", "<details><summary>derivative</summary>", "", "```text", entry.derivative, "```", "",
        "</details>",
      ] : []
    return [
      "### `\(entry.name)`", "", "<table><tr><td width=\"\(width + 20)\">", "",
      "<img src=\"\(picturePath(entry))\" width=\"\(width)\" height=\"\(height)\" alt=\"\(entry.name) and its derivative\">",
      "", "</td><td>", "", Markdown.escaped(entry.summary), "",
    ] + facts.map { "- \($0)" } + details + ["", "</td></tr></table>"]
  }

  /// A longer derivative is folded away.
  private static let longDerivative = 160

  private static func number(_ value: Double) -> String {
    value.isFinite ? NumberText.significant(value, 4) : "–"
  }

  private static func text(_ parameter: Parameter) -> String {
    let domain =
      switch parameter.constraint {
      case .none: ""
      case .positive: ", positive"
      case .unit: ", between 0 and 1"
      case .simplex, .share, .affine: ", weights that sum to 1"
      }
    return "\(Markdown.code(parameter.name)) = \(NumberText.significant(parameter.initial, 6))\(domain)"
      + (parameter.isTrainable ? "" : ", not trained")
  }
}
