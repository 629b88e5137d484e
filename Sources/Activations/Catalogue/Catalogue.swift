// The catalogue: every activation that the service knows, by group and by name.

import Text

/// Every activation function, one definition each in the files beside this one.
public enum Catalogue {
  /// Functions of one kind.
  public struct Group: Sendable, Hashable {
    /// A short identifier: `rectifiers`.
    public var name: String
    /// The heading in documentation.
    public var title: String
    /// One or two sentences on what its members have in common.
    public var summary: String
    /// In the order of documentation.
    public var entries: [Activation]
  }

  /// In the order of documentation.
  public static let groups: [Group] = [
    Group(
      name: "sigmoidal", title: "Saturating and sigmoidal",
      summary: "Bounded or slowly growing, without parameters: the sigmoid, tanh and their kin.",
      entries: sigmoidal),
    Group(
      name: "rectifiers", title: "Rectifiers",
      summary: "Linear for positive input, small, saturating or zero for negative input.", entries: rectifiers
    ),
    Group(
      name: "gated", title: "Self-gated",
      summary: "The input times a smooth gate of itself: not monotone, and smooth at 0.", entries: gated),
    Group(
      name: "waves", title: "Waves, bumps and powers",
      summary: "Periodic functions, local bumps, wavelets and polynomials.", entries: waves),
    Group(
      name: "elementary", title: "Elementary, guarded",
      summary:
        "The elementary functions of symbolic regression, kept finite: a pole 1/x is written x/(x^2 + 0.01).",
      entries: elementary),
    Group(
      name: "parametric_sigmoidal", title: "Parametric sigmoids and general families",
      summary:
        "Saturating functions whose slope, shift or shape is trained, and families that hold many others.",
      entries: parametricSigmoidal),
    Group(
      name: "parametric_rectifiers", title: "Parametric rectifiers",
      summary: "Rectifiers with trained slopes, thresholds or curvature.", entries: parametricRectifiers),
    Group(
      name: "parametric_gated", title: "Parametric self-gated",
      summary: "Self-gated functions whose gate is trained.", entries: parametricGated),
    Group(
      name: "series", title: "Series and trained waves",
      summary: "Trained frequencies, wavelets, and short series of polynomials, hinges or harmonics.",
      entries: series),
    Group(
      name: "stochastic", title: "Stochastic",
      summary:
        "Random in training, with a fixed rule for prediction; the formula shown is that of prediction.",
      entries: stochastic),
  ]

  /// Every entry, in the order of documentation.
  public static let all: [Activation] = groups.flatMap(\.entries)

  /// Canonical names, in the order of ``all``.
  public static let names: [String] = all.map(\.name)

  private static let entries: [String: Activation] = Dictionary(
    all.flatMap { entry in ([entry.name] + entry.aliases).map { ($0, entry) } },
    uniquingKeysWith: { first, _ in first })

  /// Every name, then every alias, in the order of ``all``.
  private static let spellings: [String] = names + all.flatMap(\.aliases)

  /// By the letters and digits of names and aliases, where these belong to one entry alone.
  private static let bare: [String: Activation] = Dictionary(
    grouping: entries.sorted { $0.key < $1.key }, by: { letters(of: $0.key) }
  ).compactMapValues { Set($0.map(\.value.name)).count == 1 ? $0[0].value : nil }

  /// The activation with this name or alias. Case does not matter, nor do `_`, `-` and spaces: the class names of
  /// libraries, such as `LeakyReLU`, are names too.
  public static func named(_ name: String) -> Activation? {
    entries[name] ?? bare[letters(of: name)]
  }

  private static func letters(of name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }

  /// The known name or alias nearest to a misspelt one, if any is near.
  public static func nearest(to name: String) -> String? {
    closestMatch(to: name, in: spellings)
  }
}
