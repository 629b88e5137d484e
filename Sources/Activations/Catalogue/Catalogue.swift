// The catalogue: every activation that the service knows, found by name.

/// Every activation function, one definition each in the files beside this one.
public enum Catalogue {
  /// In the order of documentation.
  public static let all: [Activation] = sigmoidal + rectifiers + gated + periodic

  /// Canonical names, in the order of ``all``.
  public static let names: [String] = all.map(\.name)

  private static let entries: [String: Activation] = Dictionary(
    all.flatMap { entry in ([entry.name] + entry.aliases).map { ($0, entry) } },
    uniquingKeysWith: { first, _ in first })

  /// The activation with this name or alias.
  public static func named(_ name: String) -> Activation? { entries[name] }

  /// The known name or alias nearest to a misspelt one, if any is near.
  public static func nearest(to name: String) -> String? {
    Activations.nearest(to: name, among: entries.keys.sorted())
  }
}
