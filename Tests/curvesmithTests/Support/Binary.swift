// The built executable, started as a user starts it, and stopped as a user or a supervisor stops it.

import Foundation
import Testing

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

  /// Runs a command to its end, with a terminal for its errors or none; the end may be a signal's, sent when it has written
  /// its first line of errors.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], signalAfterFirstError signal: Int32? = nil,
    terminal: Pseudoterminal? = nil
  ) async throws -> Result {
    let process = process(arguments, environment)
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    if let terminal {
      process.standardError = terminal.far
      try error.fileHandleForWriting.close()
    }
    try process.run()
    var firstError = Data()
    if let signal {
      firstError = await readLine(error.fileHandleForReading)
      kill(process.processIdentifier, signal)
    }
    async let outputBytes = readAll(output.fileHandleForReading)
    async let errorBytes = readAll(error.fileHandleForReading)
    let texts = await (
      String(decoding: outputBytes, as: UTF8.self), String(decoding: firstError + errorBytes, as: UTF8.self)
    )
    return Result(status: await status(of: process), output: texts.0, error: texts.1)
  }

  /// Starts the service and returns when it says that it listens.
  static func serve(
    _ directory: TemporaryDirectory, arguments: [String] = [], environment: [String: String] = [:],
    terminal: Pseudoterminal? = nil, log: FileHandle? = nil, scheme: String = "http"
  ) async throws -> Serving {
    let process = process(
      ["serve", "--port", "0", "--data-dir", directory.path, "--log-level", "critical"] + arguments,
      environment)
    let output = Pipe()
    process.standardOutput = output
    if let terminal { process.standardError = terminal.far }
    if let log { process.standardError = log }
    try process.run()
    var greeting = ""
    while !greeting.contains("listening on"), case let more = await readLine(output.fileHandleForReading),
      !more.isEmpty
    {
      greeting += String(decoding: more, as: UTF8.self)
    }
    #expect(greeting.contains("listening on \(scheme)://"))
    let address = try #require(
      greeting.firstMatch(of: /curvesmith is listening on https?:\/\/[0-9.]+:([0-9]+)/))
    let port = try #require(UInt16(address.output.1))
    return Serving(process: process, client: Client(port: port), greeting: greeting)
  }

  struct Serving: @unchecked Sendable {  // Process is only signalled and waited for.
    fileprivate var process: Process
    var client: Client
    /// What it wrote to standard output until it listened.
    var greeting: String

    /// A signal that does not end it.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

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

  /// At least the first line, or everything if there is none.
  private static func readLine(_ handle: FileHandle) async -> Data {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        var bytes = Data()
        while !bytes.contains(10) {
          let more = handle.availableData
          if more.isEmpty { break }
          bytes += more
        }
        continuation.resume(returning: bytes)
      }
    }
  }

  private static func readAll(_ handle: FileHandle) async -> Data {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: handle.readDataToEndOfFile()) }
    }
  }
}
