// Log lines: their exact text in both formats, and that no logged value can break a line or drive a terminal.

import Logging
import Synchronization
import Telemetry
import Testing

@Suite struct LogTests {
  struct FixedClock: WallClock {
    func now() -> Timestamp { Timestamp(milliseconds: 1_767_225_600_042) }
  }

  final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  func lines(_ format: LogFormat, level: Logger.Level = .info, _ body: (inout Logger) -> Void) -> [String] {
    let lines = Lines()
    var logger = Logger(label: "server") { label in
      LineLogHandler(label: label, level: level, format: format, clock: FixedClock()) { line in
        lines.all.withLock { $0.append(line) }
      }
    }
    body(&logger)
    return lines.all.withLock { $0 }
  }

  @Test func `a text line has time, level, label, message and metadata in the order of their keys`() {
    let written = lines(.text) {
      $0.info("listening", metadata: ["port": "8080", "host": "::1", "note": "a b"])
    }
    #expect(
      written == ["2026-01-01T00:00:00.042Z info     server: listening host=::1 note=\"a b\" port=8080\n"])
  }

  @Test func `a JSON line is one object with the fixed members first`() {
    let written = lines(.json) { $0.warning("slow \"disk\"", metadata: ["path": "C:\\x", "level": "9"]) }
    #expect(
      written == [
        #"{"ts":"2026-01-01T00:00:00.042Z","level":"warning","logger":"server","message":"slow \"disk\"","#
          + #""_level":"9","path":"C:\\x"}"# + "\n"
      ])
  }

  @Test func `numbers and truth values are bare in JSON, and what only looks like one is not`() {
    let written = lines(.json) {
      $0.info(
        "x",
        metadata: [
          "a": .stringConvertible(200), "b": .stringConvertible(0.5), "c": .stringConvertible(true),
          "d": "200",
          "e": .stringConvertible(Double.nan), "f": .stringConvertible(UInt64.max),
        ])
    }
    #expect(
      written == [
        #"{"ts":"2026-01-01T00:00:00.042Z","level":"info","logger":"server","message":"x","a":200,"b":0.5,"c":true,"#
          + #""d":"200","e":"nan","f":18446744073709551615}"# + "\n"
      ])
  }

  @Test(arguments: LogFormat.allCases)
  func `a line has at most 8 KiB, whatever is logged`(format: LogFormat) {
    let long = String(repeating: "\u{1B}é", count: 20_000)
    let metadata = Dictionary(
      uniqueKeysWithValues: (0..<20).map { ("\($0)\(long)", "\(long)" as Logger.MetadataValue) })
    let written = lines(format) { $0.info("\(long)", metadata: metadata) }
    #expect(written.count == 1 && written[0].utf8.count <= 8192 && written[0].hasSuffix("\n"))
    #expect(written[0].contains("…"))
  }

  @Test(arguments: LogFormat.allCases)
  func `control characters are escaped wherever they stand`(format: LogFormat) {
    let hostile = "a\r\nb\u{1B}[31m\u{0}\u{7F}\u{9B}\u{2028}c\t"
    let written = lines(format) { $0.info("\(hostile)", metadata: ["\(hostile)": "\(hostile)"]) }
    #expect(written.count == 1)
    for line in written {
      let body = line.unicodeScalars.dropLast()
      #expect(line.unicodeScalars.last == "\n")
      #expect(body.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{2028}" })
      #expect(line.contains(#"a\r\nb\u001b[31m\u0000\u007f\u009b\u2028c\t"#))
    }
  }

  @Test func `an empty value and one with '=' are quoted in text`() {
    let written = lines(.text) { $0.info("x", metadata: ["a": "", "b": "1=2", "c": "\"", "d": "é"]) }
    #expect(written == [#"2026-01-01T00:00:00.042Z info     server: x a="" b="1=2" c="\"" d="é""# + "\n"])
  }

  @Test func `events below the level are dropped`() {
    #expect(lines(.text, level: .warning) { $0.info("quiet") }.isEmpty)
    #expect(lines(.text, level: .warning) { $0.error("loud") }.count == 1)
  }

  @Test func `an event's metadata win over the logger's, which are kept otherwise`() {
    let written = lines(.text) { logger in
      logger[metadataKey: "a"] = "logger"
      logger[metadataKey: "b"] = "logger"
      logger.info("x", metadata: ["b": "event"])
    }
    #expect(written == ["2026-01-01T00:00:00.042Z info     server: x a=logger b=event\n"])
  }
}
