// The binary itself: its exit codes, its signals, and what it keeps when it is killed.

import Engine
import Foundation
import JSON
import Testing

@Suite("The process")
struct ProcessTests {
  @Test("Usage errors exit 2, and say what is wrong")
  func usage() async throws {
    let unknown = try await Binary.run(["serve", "--prot", "1"])
    #expect(unknown.status == 2)
    #expect(unknown.error.contains("--prot"))
    let bad = try await Binary.run(["serve", "--port", "70000"])
    #expect(bad.status == 2)
    #expect(bad.error.contains("port: 70000 is not between 0 and 65535"))
  }

  @Test("Version and help exit 0")
  func help() async throws {
    let version = try await Binary.run(["version"])
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("curvesmith 0."))
    let help = try await Binary.run(["--help"])
    #expect(help.status == 0)
    for command in ["serve", "train", "healthcheck", "show", "version"] {
      #expect(help.output.contains(command))
    }
  }

  @Test("CURVESMITH_ISA chooses the instruction set of every command", arguments: InstructionSet.available)
  func instructionSet(name: String) async throws {
    let environment = ["CURVESMITH_ISA": name]
    #expect(try await Binary.run(["version"], environment: environment).output.contains("(\(name))"))
    let directory = try TemporaryDirectory()
    let service = try await Binary.serve(directory, environment: environment)
    #expect(try await service.client.get("/v1/version").json()["instruction_set"] == .string(name))
    #expect(try await service.stop(SIGTERM) == 0)
  }

  @Test("`baseline` is the last instruction set; without a name the first is used")
  func defaultInstructionSet() async throws {
    let baseline = try await Binary.run(["version"], environment: ["CURVESMITH_ISA": "baseline"])
    #expect(baseline.output.contains("(\(InstructionSet.available.last ?? ""))"))
    let best = try await Binary.run(["version"], environment: ["CURVESMITH_ISA": ""])
    #expect(best.output.contains("(\(InstructionSet.available.first ?? ""))"))
  }

  @Test(
    "An instruction set that the processor lacks is a configuration error", arguments: ["serve", "version"])
  func unknownInstructionSet(command: String) async throws {
    let run = try await Binary.run([command], environment: ["CURVESMITH_ISA": "avx1024"])
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(run.error.contains("CURVESMITH_ISA: `avx1024` is not an instruction set of this processor"))
  }

  @Test("SIGTERM drains and exits 0; the health check tells ready from gone")
  func terminate() async throws {
    let directory = try TemporaryDirectory()
    let service = try await Binary.serve(directory)
    let url = "http://127.0.0.1:\(service.client.port)/readyz"
    #expect(try await Binary.run(["healthcheck", url]).status == 0)
    #expect(try await service.stop(SIGTERM) == 0)
    let gone = try await Binary.run(["healthcheck", url])
    #expect(gone.status == 1)
    #expect(gone.error.contains("did not answer"))
  }

  @Test("A data directory in use exits 3")
  func directoryInUse() async throws {
    let directory = try TemporaryDirectory()
    let first = try await Binary.serve(directory)
    let second = try await Binary.run(["serve", "--port", "0", "--data-dir", directory.path])
    #expect(second.status == 3)
    #expect(second.error.contains("in use"))
    #expect(try await first.stop(SIGTERM) == 0)
  }

  @Test("After SIGKILL queued jobs are still queued and running ones start again, attempt + 1")
  func killed() async throws {
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

  @Test("`train` runs a job without a server and writes its files")
  func train() async throws {
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

    let text = try await Binary.run(["train", spec])
    #expect(text.output.hasPrefix("succeeded in "))
    #expect(text.output.contains("● trained"))
  }

  @Test("`train` names every fault of a specification")
  func trainFaults() async throws {
    let file = try TemporaryFile(#"{"data": {"inputs": [[1],[2,3]], "targets": [1]}, "activation": "rellu"}"#)
    let run = try await Binary.run(["train", file.path])
    #expect(run.status == 2)
    #expect(run.error.contains("#/data/inputs/1"))
    #expect(run.error.contains("did you mean `relu`?"))
  }
}

/// The built executable, as a user starts it.
enum Binary {
  struct Result: Sendable {
    var status: Int32
    var output: String
    var error: String
  }

  /// The executable stands beside the test bundle.
  private static var url: URL {
    Bundle.main.executableURL.map { executable in
      executable.deletingLastPathComponent().appendingPathComponent("curvesmith")
    } ?? URL(fileURLWithPath: "curvesmith")
  }

  private static func process(_ arguments: [String], _ environment: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("CURVESMITH_") }
      .merging(environment) { $1 }
    return process
  }

  /// Runs a command to its end.
  static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Result {
    let process = process(arguments, environment)
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    async let outputBytes = readAll(output.fileHandleForReading)
    async let errorBytes = readAll(error.fileHandleForReading)
    let texts = await (
      String(decoding: outputBytes, as: UTF8.self), String(decoding: errorBytes, as: UTF8.self)
    )
    return Result(status: await status(of: process), output: texts.0, error: texts.1)
  }

  /// Starts the service and returns when it says that it listens.
  static func serve(
    _ directory: TemporaryDirectory, arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> Serving {
    let process = process(
      ["serve", "--port", "0", "--data-dir", directory.path, "--log-level", "critical"] + arguments,
      environment)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = await withCheckedContinuation { (continuation: CheckedContinuation<String, Never>) in
      DispatchQueue.global().async {
        var bytes = Data()
        while !bytes.contains(10) {
          let more = output.fileHandleForReading.availableData
          if more.isEmpty { break }
          bytes += more
        }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
    let prefix = "curvesmith is listening on http://127.0.0.1:"
    #expect(line.hasPrefix(prefix))
    let port = try #require(UInt16(line.dropFirst(prefix.count).filter(\.isNumber)))
    return Serving(process: process, client: Client(port: port))
  }

  struct Serving: @unchecked Sendable {  // Process is only signalled and waited for.
    fileprivate var process: Process
    var client: Client

    /// Sends a signal and waits for the end: the exit status.
    func stop(_ signal: Int32) async throws -> Int32 {
      kill(process.processIdentifier, signal)
      return await status(of: process)
    }
  }

  private static func status(of process: Process) async -> Int32 {
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        process.waitUntilExit()
        continuation.resume(returning: process.terminationStatus)
      }
    }
  }

  private static func readAll(_ handle: FileHandle) async -> Data {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: handle.readDataToEndOfFile()) }
    }
  }
}
