// `curvesmith catalogue`: writes the documentation of the activation functions, a page and a picture for each.

import ArgumentParser
import Export
import Glibc

struct CatalogueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue",
    abstract: "Write docs/activations.md and its pictures from the catalogue of activation functions.")

  @Option(help: "The directory under which docs/ is written.")
  var output = "."

  func run() throws {
    let files = CatalogueDocument.ofCatalogue().files()
    for directory in ["docs", "docs/activations"] { mkdir("\(output)/\(directory)", 0o777) }
    for file in files { try writeFile(Array(file.content.utf8), to: "\(output)/\(file.path)") }
    print("\(files.count) files written under \(output)/docs")
  }
}
