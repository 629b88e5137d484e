// The documentation of the whole catalogue, with the properties that its analysis finds.

import Activations

extension CatalogueDocument {
  /// Every entry by group. Takes about a second: each is analysed.
  public static func ofCatalogue() -> CatalogueDocument {
    CatalogueDocument(
      groups: Catalogue.groups.map { group in
        Group(
          title: group.title, summary: group.summary,
          entries: group.entries.map(CatalogueEntry.init))
      })
  }
}
