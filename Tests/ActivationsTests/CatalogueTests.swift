// The catalogue as a whole: names, formulas, gains.

import Activations
import Testing

@Suite struct CatalogueTests {
  @Test func namesAndAliasesAreUnique() {
    let names = Catalogue.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
  }
}
