// A command of the machine, run to its end.

import Foundation

enum Tool {
  /// Runs a command with this input, which does not end before the command does; what it writes, errors included.
  static func run(_ name: String, _ arguments: [String], input: String) async throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let (standardInput, output) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = output
    try process.run()
    // A command that has ended already reads nothing more, and says why by what it has written.
    try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    let bytes = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(returning: output.fileHandleForReading.readDataToEndOfFile())
      }
    }
    try standardInput.fileHandleForWriting.close()
    return String(decoding: bytes, as: UTF8.self)
  }
}
