// The examples of images, sequences, tokens and time series learn what their README says, through HTTP.

import Foundation
import JSON
import Testing

@Suite(.tags(.slow))
struct ShapedExampleTests {
  private func metric(_ name: String, _ job: JSONValue) throws -> Double {
    #expect(job["status"] == "succeeded", "\(job)")
    return try #require(job["result"]?["metrics"]?[name]?.doubleValue)
  }

  /// A job of one of the scripts, trained.
  private func trained(_ script: String) async throws -> JSONValue {
    let output = try await Tool.run("python3", [Repository.url("examples/\(script).py").path], input: "")
    let spec = try JSONParser.parse(Array(output.utf8))
    return try await LiveService.run { try await $0.train(spec) }
  }

  @Test func `digits are images with a learned activation for each channel`() async throws {
    let spec = try Repository.json("examples/digits.json")
    let csv = try Repository.bytes("examples/digits.csv")
    let (job, layers) = try await LiveService.run { client in
      let job = try await client.train(spec, csv: csv)
      let id = try #require(job["id"]?.stringValue)
      return (job, try await client.get("/v1/jobs/\(id)/activations").json()["layers"])
    }
    #expect(try metric("validation_accuracy", job) >= 0.98)
    let channels = try #require(layers?.arrayValue?.first?["parameters"]?["a"]?["trained"]?.arrayValue)
    #expect(channels.count == 16)
  }

  @Test func `a sine is forecast by an LSTM with a learned cell activation`() async throws {
    let spec = try Repository.json("examples/sine.json")
    let csv = try Repository.bytes("examples/sine.csv")
    let (job, forecast) = try await LiveService.run { client in
      let job = try await client.train(spec, csv: csv)
      let id = try #require(job["id"]?.stringValue)
      let lines = csv.split(separator: UInt8(ascii: "\n"))
      let window = Array(([lines[0]] + lines.suffix(24)).joined(separator: [UInt8(ascii: "\n")]))
      let answer = try await client.send(
        "POST", "/v1/jobs/\(id)/predict", fields: ["Content-Type: text/csv"], body: window)
      return (job, try answer.json()["predictions"]?.arrayValue?.compactMap(\.doubleValue))
    }
    #expect(try metric("validation_r2", job) >= 0.99)
    let next = try #require(forecast?.first)
    #expect(forecast?.count == 1 && abs(next - sin(600.0 / 5)) < 0.05)
  }

  @Test func `the adding problem is solved over thirty steps`() async throws {
    #expect(try metric("validation_r2", try await trained("adding-problem")) >= 0.99)
  }

  /// Most of a sentence follows from what stands before; where a word begins, it is one of three by chance.
  @Test func `a small language is learned by its characters`() async throws {
    #expect(try metric("validation_accuracy", try await trained("small-language")) >= 0.85)
  }

  /// The script is run on files of the same format as those of the data set, which is not shipped.
  @Test func `Fashion-MNIST is sent as two arrays`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = 60
    func sizes(_ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] }
    }
    // A bright half, left or right, says the class.
    let images = (0..<rows).flatMap { row in
      (0..<28).flatMap { _ in (0..<28).map { column in UInt8((column < 14) == (row % 2 == 0) ? 200 : 10) } }
    }
    for (name, bytes) in [
      ("train-images", sizes([rows, 28, 28]) + images),
      ("train-labels", sizes([rows]) + (0..<rows).map { UInt8($0 % 2) }),
    ] {
      let file = folder.appendingPathComponent(name)
      try Data(bytes).write(to: file)
      _ = try await Tool.run("gzip", [file.path], input: "")
    }
    let arrays = folder.appendingPathComponent("arrays")
    let said = try await Tool.run(
      "python3", [Repository.url("examples/fashion-mnist.py").path, arrays.path, folder.path], input: "")
    #expect(said.hasPrefix("60 images of 28 x 28"), "\(said)")
    let spec = try Repository.json("examples/fashion-mnist.json")
    let parts = try [("inputs", "images"), ("targets", "labels")].map { name, file in
      (name: name, bytes: Array(try Data(contentsOf: arrays.appendingPathComponent("\(file).npy"))))
    }
    let job = try await LiveService.run { client in
      let answer = try await client.post("/v1/jobs", spec: spec, arrays: parts)
      #expect(answer.status == 202, "\(answer.text)")
      return try await client.finished(try #require(try answer.json()["id"]?.stringValue))
    }
    #expect(try metric("validation_accuracy", job) == 1)
  }
}
