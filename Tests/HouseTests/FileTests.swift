// Every file says what it is for, and is short enough to be read.

import Testing

@Suite struct FileTests {
  @Test func `every file opens with a sentence of purpose`() {
    for file in House.all {
      let opening = file.lines.prefix { $0.hasPrefix("//") }.joined(separator: "\n")
      #expect(
        opening.hasPrefix("// ") && opening.hasSuffix("."),
        "\(file.path): begin the file with `// ` and one sentence that says what the file is for")
    }
  }

  @Test func `no file is longer than 400 lines`() {
    for file in House.all {
      let count = file.lines.count - 1
      #expect(
        count <= 400,
        "\(file.path) has \(count) lines: give a part of it that stands by itself a file of its own")
    }
  }
}
