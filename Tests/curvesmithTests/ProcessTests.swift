// The binary itself: its exit codes, its signals, and what it keeps when it is killed.

import Engine
import Foundation
import JSON
import Testing
import curvesmith

@Suite struct ProcessTests {
  @Test func `usage errors exit 2, and say what is wrong`() async throws {
    let unknown = try await Binary.run(["serve", "--prot", "1"])
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("--prot"))
    let bad = try await Binary.run(["serve", "--port", "70000"])
    #expect(bad.status == 2)
    #expect(bad.error == "curvesmith: --port: `70000` is not a whole number from 0 to 65535\n")
    let bare = try await Binary.run([])
    #expect(bare.status == 2 && bare.output.isEmpty)
    #expect(bare.error.contains("a command is missing") && bare.error.contains("serve"))
  }

  @Test(arguments: [
    (["trian", "x.json"], "there is no command `trian`; did you mean `train`?"),
    (["frobnicate"], "there is no command `frobnicate`; the commands are `serve`, `train`, "),
    (["train", "--jsn", "x.json"], "Did you mean '--json'?"),
    (["serve", "--prot=1"], "Did you mean '--port'?"),
  ]) func `a mistyped command or flag is answered with the one that was meant`(
    _ arguments: [String], _ answer: String
  ) async throws {
    let run = try await Binary.run(arguments)
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains(answer), "\(run.error)")
  }

  @Test func `the help of serve has every setting with its default`() async throws {
    let help = try await Binary.run(["serve", "--help"])
    #expect(help.status == 0)
    // Lines are wrapped to the terminal's width: what matters is the words.
    let words = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for setting in ServeSettings.table {
      #expect(words.contains("--\(setting.flag)"))
      #expect(words.contains(setting.help), "\(setting.name)")
    }
  }

  @Test func `version and help exit 0`() async throws {
    let version = try await Binary.run(["version"])
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("curvesmith 0."))
    let help = try await Binary.run(["--help"])
    #expect(help.status == 0)
    for command in ["serve", "train", "healthcheck", "show", "version"] {
      #expect(help.output.contains(command))
    }
  }

  @Test(arguments: InstructionSet.available)
  func `CURVESMITH_ISA chooses the instruction set of every command`(name: String) async throws {
    let environment = ["CURVESMITH_ISA": name]
    #expect(try await Binary.run(["version"], environment: environment).output.contains("(\(name))"))
    let directory = try TemporaryDirectory()
    let service = try await Binary.serve(directory, environment: environment)
    #expect(try await service.client.get("/v1/version").json()["instruction_set"] == .string(name))
    #expect(try await service.stop(SIGTERM) == 0)
  }

  @Test func `baseline is the last instruction set; without a name the first is used`() async throws {
    let baseline = try await Binary.run(["version"], environment: ["CURVESMITH_ISA": "baseline"])
    #expect(baseline.output.contains("(\(InstructionSet.available.last ?? ""))"))
    let best = try await Binary.run(["version"], environment: ["CURVESMITH_ISA": ""])
    #expect(best.output.contains("(\(InstructionSet.available.first ?? ""))"))
  }

  @Test(arguments: ["serve", "version"])
  func `an instruction set that the processor lacks is a configuration error`(command: String) async throws {
    let run = try await Binary.run([command], environment: ["CURVESMITH_ISA": "avx1024"])
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains("CURVESMITH_ISA: `avx1024` is not an instruction set of this processor"))
  }

  @Test func `SIGTERM drains and exits 0; the health check tells ready from gone`() async throws {
    let directory = try TemporaryDirectory()
    let service = try await Binary.serve(directory)
    let url = "http://127.0.0.1:\(service.client.port)/readyz"
    #expect(try await Binary.run(["healthcheck", url]).status == 0)
    #expect(try await service.stop(SIGTERM) == 0)
    let gone = try await Binary.run(["healthcheck", url])
    #expect(gone.status == 1)
    #expect(gone.error.contains("did not answer"))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal right after the service listens ends it with 0`(_ signal: Int32) async throws {
    for _ in 0..<20 {
      let directory = try TemporaryDirectory()
      let service = try await Binary.serve(directory)
      #expect(try await service.stop(signal) == 0)
    }
  }

  @Test func `a signal before the service listens ends it with 0 too`() async throws {
    for _ in 0..<20 {
      let directory = try TemporaryDirectory()
      // What was given stands in the log before the store is opened.
      let run = try await Binary.run(
        ["serve", "--port", "0", "--data-dir", directory.path], signalAfterFirstError: SIGTERM)
      #expect(run.status == 0, "\(run.error)")
    }
  }

  @Test func `an interrupted training says what it has and exits 130`() async throws {
    // The constant column is warned of before the training begins, which would take minutes.
    let rows = (0..<400).map { "[\($0), 1]" }.joined(separator: ", ")
    let targets = (0..<400).map { "\($0).5" }.joined(separator: ", ")
    let file = try TemporaryFile(
      #"{"data": {"inputs": [\#(rows)], "targets": [\#(targets)]}, "activation": "tanh", "#
        + #""training": {"epochs": 100000, "batch_size": 1}}"#)
    let run = try await Binary.run(["train", file.path], signalAfterFirstError: SIGINT)
    #expect(run.status == 130)
    #expect(run.error.hasPrefix("warning: "))
    #expect(run.output.hasPrefix("cancelled in "))
  }

  @Test func `off a terminal a short training writes its report and nothing else, without escapes`()
    async throws
  {
    let file = try TemporaryFile(
      #"{"data": {"synthetic": {"kind": "xor", "rows": 40}}, "activation": "tanh", "training": {"epochs": 3}}"#
    )
    let run = try await Binary.run(["train", file.path])
    #expect(run.status == 0 && run.error.isEmpty)
    #expect(!run.output.contains("\u{1B}"))
    let quiet = try await Binary.run(["train", file.path, "--quiet"])
    #expect(quiet.status == 0 && quiet.error.isEmpty && quiet.output.isEmpty)
    let plain = try await Binary.run(["train", file.path, "--plot", "none"])
    #expect(plain.output.contains("layers.0.activation") && !plain.output.contains("│"))
  }

  @Test func `A data directory in use exits 3`() async throws {
    let directory = try TemporaryDirectory()
    let first = try await Binary.serve(directory)
    let second = try await Binary.run(["serve", "--port", "0", "--data-dir", directory.path])
    #expect(second.status == 3)
    #expect(second.error.contains("in use"))
    #expect(try await first.stop(SIGTERM) == 0)
  }

  @Test func `after SIGKILL queued jobs are still queued and running ones start again, attempt + 1`()
    async throws
  {
    let directory = try TemporaryDirectory()
    let long: JSONValue = [
      "data": ["synthetic": ["kind": "two_moons", "rows": 20_000]], "activation": "tanh",
      "training": ["epochs": 100_000],
    ]
    let short: JSONValue = [
      "data": ["synthetic": ["kind": "xor", "rows": 40]], "activation": "tanh", "training": ["epochs": 2],
    ]
    let first = try await Binary.serve(directory, arguments: ["--workers", "1"])
    let running = try #require(try await first.client.post("/v1/jobs", json: long).json()["id"]?.stringValue)
    var state = try await first.client.get("/v1/jobs/\(running)")
    while try state.json()["status"] == "queued" {
      let tag = try #require(state.fields["etag"])
      state = try await first.client.get(
        "/v1/jobs/\(running)", fields: ["Prefer: wait=30", "If-None-Match: \(tag)"])
    }
    let queued = try #require(try await first.client.post("/v1/jobs", json: short).json()["id"]?.stringValue)
    _ = try await first.stop(SIGKILL)

    let second = try await Binary.serve(directory, arguments: ["--workers", "1"])
    let again = try await second.client.get("/v1/jobs/\(running)").json()
    #expect(again["attempt"] == 2)
    #expect(["queued", "running"].contains(again["status"]?.stringValue))
    #expect(try await second.client.get("/v1/jobs/\(queued)").json()["status"] == "queued")

    #expect(try await second.client.send("POST", "/v1/jobs/\(running)/cancel", body: []).status == 202)
    #expect(try await second.client.finished(running)["status"] == "cancelled")
    #expect(try await second.client.finished(queued)["status"] == "succeeded")
    #expect(try await second.stop(SIGTERM) == 0)
  }

  @Test func `train runs a job without a server and writes its files`() async throws {
    let directory = try TemporaryDirectory()
    let spec = directory.path + "/spec.json"
    try Data(Repository.bytes("examples/xor-one-neuron.json")).write(to: URL(fileURLWithPath: spec))
    let run = try await Binary.run(["train", spec, "--json", "--output", directory.path + "/out"])
    #expect(run.status == 0, "\(run.error)")
    let document = try JSONParser.parse(Array(run.output.utf8))
    #expect(document["status"] == "succeeded")
    #expect(document["result"]?["metrics"]?["training_accuracy"] == 1)
    #expect(document["activations"]?["layers"]?.arrayValue?.count == 1)
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path + "/out").sorted()
    #expect(files == ["activations.json", "metrics.csv", "result.json"])

    let text = try await Binary.run(["train", spec], environment: ["LC_ALL": "C.UTF-8"])
    #expect(text.output.hasPrefix("succeeded in "))
    #expect(text.output.contains("● trained"))
  }

  @Test func `train names every fault of a specification`() async throws {
    let file = try TemporaryFile(#"{"data": {"inputs": [[1],[2,3]], "targets": [1]}, "activation": "rellu"}"#)
    let run = try await Binary.run(["train", file.path])
    #expect(run.status == 2)
    #expect(run.error.contains("#/data/inputs/1"))
    #expect(run.error.contains("did you mean `relu`?"))
  }
}
