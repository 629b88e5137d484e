// What the service says that it offers, held against what it accepts.

import Activations
import JSON
import Testing
import Training

@Suite struct DescriptionTests {
  @Test func `every activation is listed once`() throws {
    let names = try #require(TrainingDescriptions.activations["data"]?.arrayValue).map {
      $0["name"]?.stringValue
    }
    #expect(names == Catalogue.all.map(\.name))
  }

  @Test(arguments: Catalogue.all.map(\.name))
  func `an activation is described with its curve`(name: String) throws {
    let sampling = CurveSampling(from: -2, to: 2, points: 5)
    let document = try #require(TrainingDescriptions.activation(name, sampling))
    #expect(
      document.objectValue?.keys == [
        "name", "aliases", "group", "summary", "formula", "parameters", "gain", "moments", "smoothness",
        "kinks", "jumps", "training_formula", "source", "analysis", "curve",
      ])
    // The analysis finds what the definition declares.
    #expect(document["analysis"]?["kinks"] == document["kinks"])
    #expect(document["analysis"]?["jumps"] == document["jumps"])
    #expect(document["analysis"]?["gain"] == document["gain"])
    #expect(document["curve"]?["x"] == [-2, -1, 0, 1, 2])
    let activation = try #require(Catalogue.named(name))
    let y = try #require(document["curve"]?["y"]?.arrayValue?.numbers)
    let reference = activation.expression.evaluate(x: 1, parameters: activation.parameters.initialValues)
    #expect(abs(y[3] - reference) < 1e-5 * max(1, abs(reference)))
    #expect(TrainingDescriptions.activation(name, nil)?["curve"] == nil)
  }

  @Test func `unknown activations have a nearest name`() {
    #expect(TrainingDescriptions.activation("rellu", nil) == nil)
    #expect(TrainingDescriptions.activationName(nearest: "sigmiod") == "sigmoid")
  }

  @Test func `schemas name every option that is accepted`() throws {
    let strategies = try #require(TrainingDescriptions.strategies["data"]?.arrayValue)
    #expect(strategies.map { $0["name"]?.stringValue } == StrategyDescription.all.map(\.name))
    for (document, description) in zip(strategies, StrategyDescription.all) {
      let properties = document["options"]?["properties"]?.objectValue
      #expect(properties?.keys == ["strategy"] + description.options.map(\.name))
      #expect(document["options"]?["additionalProperties"] == false)
      for option in description.options { #expect(properties?[option.name]?["description"] != nil) }
    }
  }
}
