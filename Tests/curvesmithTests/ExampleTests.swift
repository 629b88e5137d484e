// Every example in `examples/` does what its README says, through HTTP.

import Foundation
import JSON
import Testing

@Suite(.tags(.slow))
struct ExampleTests {
  static let examples: [(file: String, csv: String?)] = [
    ("breast-cancer", "breast-cancer"), ("iris", "iris"), ("xor-one-neuron", nil), ("own-formula", nil),
    ("article-parametric-sigmoid", nil), ("article-random", nil),
    ("spline-refinement", nil),
  ]

  @Test func `the list of examples is complete`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".json")
    }
    // Those of images and series have tests of their own.
    let shaped = ["digits", "sine", "fashion-mnist"]
    #expect(Set(files) == Set((Self.examples.map(\.file) + shaped).map { $0 + ".json" }))
    let readme = String(decoding: try Repository.bytes("examples/README.md"), as: UTF8.self)
    for file in files { #expect(readme.contains("`\(file)`")) }
  }

  @Test(arguments: examples.indices)
  func `an example trains, predicts and shows its curves`(index: Int) async throws {
    let example = Self.examples[index]
    let spec = try Repository.json("examples/\(example.file).json")
    let csv = try example.csv.map { try Repository.bytes("examples/\($0).csv") }
    try await LiveService.run { client in
      let job = try await client.train(spec, csv: csv)
      #expect(job["status"] == "succeeded", "\(job)")
      let id = try #require(job["id"]?.stringValue)
      let activations = try await client.get("/v1/jobs/\(id)/activations").json()
      #expect(activations["layers"]?.arrayValue?.isEmpty == false)
      let metrics = try await client.get("/v1/jobs/\(id)/metrics")
      #expect(metrics.status == 200)
    }
  }

  @Test
  func `the article's first sample learns the mean: with the true gradient the loss falls to the noise of y`()
    async throws
  {
    let spec = try Repository.json("examples/article-parametric-sigmoid.json")
    let job = try await LiveService.run { try await $0.train(spec) }
    // y is uniform on [0,1), independent of x: no function of x does better than its variance, 1/12.
    let loss = try #require(job["result"]?["metrics"]?["training_loss"]?.doubleValue)
    #expect(loss < 0.11 && loss > 0.05)
    #expect(job["result"]?["activation_parameters"] == 2)
    #expect(job["result"]?["parameters"] == 2)
  }

  @Test
  func `the article's second sample draws each candidate about a third of the time, and trains nothing`()
    async throws
  {
    let spec = try Repository.json("examples/article-random.json")
    let candidates = try await LiveService.run { client in
      let id = try #require(try await client.train(spec)["id"]?.stringValue)
      let body = try await client.get("/v1/jobs/\(id)/activations").json()
      return try #require(body["layers"]?.arrayValue?.first?["candidates"]?.arrayValue)
    }
    let draws = candidates.compactMap { $0["draws"]?.doubleValue }
    #expect(candidates.compactMap { $0["function"]?.stringValue } == ["sigmoid", "tanh", "relu"])
    #expect(draws.reduce(0, +) == 1000)
    // Five standard deviations of a binomial with p = 1/3.
    for count in draws { #expect(abs(count - 1000 / 3) < 75) }
  }
}
