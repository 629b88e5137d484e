// A parsed SVG document: its elements with attributes and text, and the shapes that they draw.

import Foundation
import FoundationXML

/// One element.
final class SVGElement {
  let name: String
  let attributes: [String: String]
  weak var parent: SVGElement?
  var children: [SVGElement] = []
  /// The text directly within.
  var text = ""

  init(_ name: String, _ attributes: [String: String]) {
    (self.name, self.attributes) = (name, attributes)
  }

  var classes: Set<String> { Set((attributes["class"] ?? "").split(separator: " ").map(String.init)) }

  /// This element and all below it, in document order.
  var all: [SVGElement] { [self] + children.flatMap(\.all) }

  func elements(_ name: String, class style: String? = nil) -> [SVGElement] {
    all.filter { $0.name == name && (style.map($0.classes.contains) ?? true) }
  }

  func number(_ attribute: String) -> Double { attributes[attribute].flatMap(Double.init) ?? .nan }

  /// The sum of the translations of this element and those around it.
  var offset: (x: Double, y: Double) {
    let outer: (x: Double, y: Double) = parent?.offset ?? (x: 0, y: 0)
    guard let transform = attributes["transform"] else { return outer }
    let numbers = transform.dropFirst("translate(".count).dropLast().split(separator: " ").compactMap {
      Double($0)
    }
    return (outer.x + numbers[0], outer.y + numbers[1])
  }

  /// The pieces of a path, in the document's coordinates: M, l, H, V, h, v and z as the writer uses them.
  var pieces: [[(x: Double, y: Double)]] {
    var pieces: [[(x: Double, y: Double)]] = []
    var (x, y) = (0.0, 0.0)
    var command: Character = "M"
    var numbers: [Double] = []
    func flush() {
      switch command {
      case "M":
        guard numbers.count == 2 else { return }
        (x, y) = (numbers[0], numbers[1])
        pieces.append([(x, y)])
      case "L":
        for k in stride(from: 0, to: numbers.count - 1, by: 2) { move(numbers[k], numbers[k + 1]) }
      case "l":
        for k in stride(from: 0, to: numbers.count - 1, by: 2) { move(x + numbers[k], y + numbers[k + 1]) }
      case "H": for value in numbers { move(value, y) }
      case "V": for value in numbers { move(x, value) }
      case "h": for value in numbers { move(x + value, y) }
      case "v": for value in numbers { move(x, y + value) }
      default: break
      }
      numbers = []
    }
    func move(_ newX: Double, _ newY: Double) {
      (x, y) = (newX, newY)
      pieces[pieces.count - 1].append((x, y))
    }
    var token = ""
    func endNumber() {
      if let value = Double(
        token.hasPrefix(".") || token.hasPrefix("-.") ? token.replacing(".", with: "0.") : token)
      {
        numbers.append(value)
      }
      token = ""
    }
    for character in attributes["d"] ?? "" {
      if character.isLetter {
        endNumber()
        flush()
        command = character
      } else if character == " " {
        endNumber()
      } else {
        if character == "-" { endNumber() }
        token.append(character)
      }
    }
    endNumber()
    flush()
    let offset = offset
    return pieces.map { $0.map { ($0.x + offset.x, $0.y + offset.y) } }
  }
}

/// Parses a document, or throws what the parser found.
func parsed(_ svg: String) throws -> SVGElement {
  final class Builder: NSObject, XMLParserDelegate {
    var root: SVGElement?
    var open: [SVGElement] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      let element = SVGElement(name, attributes)
      element.parent = open.last
      open.last?.children.append(element)
      if root == nil { root = element }
      open.append(element)
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { open.last?.text += string }
  }
  let builder = Builder()
  let parser = XMLParser(data: Data(svg.utf8))
  parser.delegate = builder
  guard parser.parse(), let root = builder.root else {
    throw XMLFault(line: parser.lineNumber, reason: parser.parserError.map { "\($0)" } ?? "no root")
  }
  return root
}

struct XMLFault: Error {
  var line: Int
  var reason: String
}
