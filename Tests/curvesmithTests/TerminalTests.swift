// What `train` shows on a terminal, seen through a pseudoterminal.

import Foundation
import Testing

@Suite struct TerminalTests {
  private static let spec =
    #"{"data": {"synthetic": {"kind": "xor", "rows": 40}}, "activation": "tanh", "training": {"epochs": 30}}"#

  @Test(arguments: [24, 60, 200])
  func `progress keeps to the width of the terminal, and its last line stays`(_ columns: Int) async throws {
    let file = try TemporaryFile(Self.spec)
    let terminal = try Pseudoterminal(columns: columns)
    let run = try await Binary.run(["train", file.path], environment: ["TERM": "xterm"], terminal: terminal)
    #expect(run.status == 0)
    // Standard output is a pipe all the same: progress is for whoever watches, the result for whoever reads.
    #expect(run.output.hasPrefix("succeeded in "))
    let lines = terminal.text.split(separator: "\n").flatMap { $0.split(separator: "\r") }
      .map { $0.replacing("\u{1B}[K", with: "") }.filter { !$0.isEmpty }
    #expect(lines.first?.hasPrefix("epoch 1/30") == true)
    #expect(lines.last?.hasPrefix("epoch 30/30") == true)
    #expect(lines.allSatisfy { $0.count < columns }, "\(lines)")
    #expect(lines.allSatisfy { $0.contains("rows/s") == (columns == 200) })
    #expect(terminal.text.hasSuffix("\n"))
  }

  @Test(arguments: [("", true), ("1", false)])
  func `warnings are emphasized unless NO_COLOR is set`(_ noColor: String, _ isEmphasized: Bool) async throws
  {
    let file = try TemporaryFile(
      #"{"data": {"inputs": [[0, 1], [1, 1], [2, 1], [3, 1], [4, 1]], "targets": [0, 1, 2, 3, 4.5]}, "#
        + #""activation": "tanh", "training": {"epochs": 1}}"#)
    let terminal = try Pseudoterminal(columns: 80)
    let environment = ["NO_COLOR": noColor, "TERM": "xterm"]
    let run = try await Binary.run(["train", file.path], environment: environment, terminal: terminal)
    #expect(run.status == 0)
    #expect(terminal.text.contains("warning:"))
    #expect(terminal.text.contains("\u{1B}[1;33m") == isEmphasized)
  }

  @Test func `a terminal that cannot rewrite a line gets no progress`() async throws {
    let file = try TemporaryFile(Self.spec)
    let terminal = try Pseudoterminal(columns: 80)
    let run = try await Binary.run(["train", file.path], environment: ["TERM": "dumb"], terminal: terminal)
    #expect(run.status == 0)
    #expect(terminal.text.isEmpty)
  }

  @Test func `whoever starts the service on a terminal is told what to do next`() async throws {
    let directory = try TemporaryDirectory()
    let terminal = try Pseudoterminal(columns: 80)
    let service = try await Binary.serve(directory, environment: ["TERM": "xterm"], terminal: terminal)
    #expect(try await service.stop(SIGINT) == 0)
    #expect(terminal.text.contains("curl -s http://127.0.0.1:\(service.client.port)/v1/jobs"))
    #expect(terminal.text.contains("Ctrl-C"))
  }
}

/// A terminal that a test watches (pty(7)).
final class Pseudoterminal {
  /// What a process takes for its terminal.
  let far: FileHandle
  private let near: Int32

  init(columns: Int) throws {
    near = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(near >= 0)
    var unlocked: Int32 = 0
    var number: UInt32 = 0
    var size = winsize()
    size.ws_col = UInt16(columns)
    size.ws_row = 24
    try #require(ioctl(near, 0x4004_5431, &unlocked) == 0)  // TIOCSPTLCK
    try #require(ioctl(near, 0x8004_5430, &number) == 0)  // TIOCGPTN
    let descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(descriptor >= 0)
    try #require(ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0)
    far = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// What has been written so far. A little fits into the terminal without anybody reading it.
  private(set) lazy var text: String = {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    _ = fcntl(near, F_SETFL, O_NONBLOCK)
    while true {
      let count = read(near, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    // The terminal begins each line at its left edge.
    return String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }()

  deinit { close(near) }
}
