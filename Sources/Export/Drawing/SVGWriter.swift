// Text of an SVG document: elements, attributes, escaped text.

/// Writes well-formed XML, one element a line. Attribute values and text are escaped here and nowhere else.
struct SVGWriter {
  private let head: String
  private var body = ""
  private var open: [String] = []
  private var classes: Set<Substring> = []

  /// Starts the document: root element, accessible name and description, background.
  init(width: Double, height: Double, title: String, description: String) {
    let (width, height) = (SVGNumber(width), SVGNumber(height))
    head = """
      <svg xmlns="http://www.w3.org/2000/svg" version="1.1" class="\(Style.rootClass)" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" aria-labelledby="curvesmith-title curvesmith-description">
      <title id="curvesmith-title">\(Self.escaped(title))</title>
      <desc id="curvesmith-description">\(Self.escaped(description))</desc>

      """
    leaf("rect", ["class": "paper", "width": "\(width)", "height": "\(height)", "rx": "6"])
  }

  /// The document: every open element closed, and a style sheet of the classes that occur.
  consuming func finished() -> String {
    while !open.isEmpty { end() }
    return "\(head)<style>\n\(Style.sheet(for: classes))</style>\n\(body)</svg>\n"
  }

  mutating func begin(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    start(name, attributes)
    body += ">\n"
    open.append(name)
  }

  mutating func end() {
    guard let name = open.popLast() else { return }
    body += "</\(name)>\n"
  }

  mutating func leaf(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String? = nil
  ) {
    start(name, attributes)
    body += content.map { ">\(Self.escaped($0))</\(name)>\n" } ?? "/>\n"
  }

  /// One line of text; `full` is what a pointer shows when the line is only the beginning of it.
  mutating func label(
    _ string: String, x: Double, y: Double, _ style: String, anchor: TextAnchor = .start, full: String? = nil
  ) {
    let style = anchor == .start ? style : "\(style) \(anchor.rawValue)"
    start("text", ["class": style, "x": "\(SVGNumber(x))", "y": "\(SVGNumber(y))"])
    body += full.map { "><title>\(Self.escaped($0))</title>" } ?? ">"
    body += "\(Self.escaped(string))</text>\n"
  }

  mutating func line(_ style: String, x1: Double, y1: Double, x2: Double, y2: Double) {
    let (from, to) = ((SVGNumber(x1), SVGNumber(y1)), (SVGNumber(x2), SVGNumber(y2)))
    leaf(
      "path",
      [
        "class": style,
        "d": "M\(from.0) \(from.1)\(y1 == y2 ? "H\(to.0)" : x1 == x2 ? "V\(to.1)" : "L\(to.0) \(to.1)")",
      ])
  }

  mutating func path(_ style: String?, _ data: String) {
    guard !data.isEmpty else { return }
    if let style { leaf("path", ["class": style, "d": data]) } else { leaf("path", ["d": data]) }
  }

  /// A curve: its lines, and its lone points as dots.
  mutating func curve(_ style: String, _ curve: Curve) {
    path(style, curve.lines.pathData)
    path("\(style) point", curve.points.pathData)
  }

  /// A start tag but for its end.
  private mutating func start(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    body += "<\(name)"
    for (attribute, value) in attributes {
      if attribute == "class" { classes.formUnion(value.split(separator: " ")) }
      body += " \(attribute)=\"\(Self.escaped(value))\""
    }
  }

  /// Text that stands for itself in XML 1.0; what XML cannot hold becomes U+FFFD.
  static func escaped(_ string: String) -> String {
    var result = ""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result += " "
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

enum TextAnchor: String {
  case start, middle, end
}

/// A coordinate to a tenth of a pixel, in as few characters as SVG allows.
struct SVGNumber: CustomStringConvertible {
  let tenths: Int

  /// Coordinates beyond ±10⁶ do not occur in a picture, nor does NaN; they are held to it all the same.
  init(_ value: Double) { tenths = value.isNaN ? 0 : Int((min(max(value, -1e6), 1e6) * 10).rounded()) }

  init(tenths: Int) { self.tenths = tenths }

  var description: String {
    let (whole, part) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    let sign = tenths < 0 ? "-" : ""
    return part == 0 ? "\(sign)\(whole)" : whole == 0 ? "\(sign).\(part)" : "\(sign)\(whole).\(part)"
  }
}
