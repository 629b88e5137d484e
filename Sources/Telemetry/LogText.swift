// Makes any text safe to stand in one line of a log.

/// Appends `text` with every control character escaped, so that it cannot end the line or drive a terminal.
///
/// Escaped are C0, DEL and C1 (which holds an eight-bit CSI), and the two Unicode line separators. The
/// escapes are those of JSON; with `quoted`, quotation marks and backslashes are escaped too: the result is
/// a JSON string. Text beyond `longestText` bytes is cut and ends in an ellipsis.
func appendEscaped(_ text: String, quoted: Bool, to line: inout String) {
  if isPlain(text, quoted: quoted) {
    if quoted { line += "\"" }
    line += text
    if quoted { line += "\"" }
    return
  }
  if quoted { line.unicodeScalars.append("\"") }
  let end = line.utf8.count + longestText
  for scalar in text.unicodeScalars {
    guard line.utf8.count < end else {
      line += "…"
      break
    }
    switch scalar {
    case "\n": line += "\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    case "\"" where quoted: line += "\\\""
    case "\\" where quoted: line += "\\\\"
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
      let hexadecimal = String(scalar.value, radix: 16)
      line += "\\u" + String(repeating: "0", count: 4 - hexadecimal.utf8.count) + hexadecimal
    default: line.unicodeScalars.append(scalar)
    }
  }
  if quoted { line.unicodeScalars.append("\"") }
}

/// Whether a text can be appended as it is: printable ASCII, as nearly every text of a log, and not too long.
private func isPlain(_ text: String, quoted: Bool) -> Bool {
  text.utf8.count <= longestText
    && text.utf8.allSatisfy { byte in
      (0x20...0x7E).contains(byte)
        && !(quoted && (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")))
    }
}

/// Bytes of one text in a line.
let longestText = 2048

/// Whether a value can stand bare after `key=`: printable ASCII but for space, `"`, `=` and `\`.
func standsBare(_ value: String) -> Bool {
  !value.isEmpty
    && value.utf8.allSatisfy { byte in
      (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
        && byte != UInt8(ascii: "\\")
    }
}
