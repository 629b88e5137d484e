// What can be known of the terminal behind a descriptor: whether there is one, how wide it is, whether it has colour.

import Glibc

/// An output that may be a terminal.
package struct Terminal: Sendable {
  private let descriptor: Int32

  /// Where results go.
  package static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  /// Where progress, warnings and errors go.
  package static let standardError = Terminal(descriptor: STDERR_FILENO)

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Whether a person may be reading along. `TERM=dumb` is a terminal that cannot rewrite a line.
  package var isTerminal: Bool {
    isatty(descriptor) == 1 && variable("TERM") != "dumb"
  }

  /// The width in columns as it is now (ioctl_tty(2), TIOCGWINSZ), else `COLUMNS`, else 80.
  package var columns: Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return variable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// Whether colour is welcome: on a terminal, unless `NO_COLOR` is set to anything (no-color.org).
  package var hasColor: Bool {
    isTerminal && (variable("NO_COLOR") ?? "").isEmpty
  }

  /// The text in bold yellow where colour is welcome: for warnings, which say so in words too.
  package func emphasized(_ text: String) -> String {
    hasColor ? "\u{1B}[1;33m\(text)\u{1B}[0m" : text
  }

  /// Whether more than ASCII can be shown: by the locale's variables in their order (locale(7)), of which none may be
  /// set in a container.
  package var hasUnicode: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
    return locale.map { $0.lowercased().replacing("-", with: "").contains("utf8") } ?? true
  }

  private func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
