// The documentation's pictures: kinks are drawn through, jumps are gaps with end dots.

import Activations
import Export
import Testing

@Suite struct FunctionPictureTests {
  @Test(arguments: Catalogue.names)
  func `every entry has a picture`(name: String) throws {
    let picture = FunctionPicture(try #require(Catalogue.named(name)))
    let svg = picture.svg()
    let root = try parsed(svg)
    #expect(svg == picture.svg() && svg.utf8.count < 12_000)
    for point in root.elements("path").flatMap(\.pieces).joined() {
      #expect((0...FunctionPicture.width).contains(point.x) && (0...FunctionPicture.height).contains(point.y))
    }
    #expect(root.elements("text", class: "name").map(\.text) == [name])
    #expect(root.elements("path", class: "trained").count == 2, "the legend's sample and the curve")
  }

  @Test func `a kink is a gap of the derivative only`() throws {
    let root = try parsed(FunctionPicture(try #require(Catalogue.named("relu"))).svg())
    #expect(root.elements("path", class: "trained").flatMap(\.pieces).count == 2)
    #expect(root.elements("path", class: "derivative").flatMap(\.pieces).count == 3)
    let filled = root.elements("circle", class: "dot")
    let hollow = root.elements("circle", class: "ring")
    #expect(filled.count == 1 && hollow.count == 1)
    // relu′(0) = 0: the filled dot is the lower one.
    #expect(filled[0].number("cy") > hollow[0].number("cy"))
    #expect(filled[0].classes.contains("derivative"))
  }

  @Test func `a jump is a gap with its value shown`() throws {
    let x = Set((-50...50).map { Double($0) / 10 } + [-1e-6, 1e-6]).sorted()
    let picture = FunctionPicture(
      name: "sign", x: x, y: x.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, derivative: x.map { _ in 0 }, breaks: [0]
    )
    let root = try parsed(picture.svg())
    let pieces = root.elements("path", class: "trained").flatMap(\.pieces).dropFirst()
    #expect(pieces.count == 2 && pieces.allSatisfy { Set($0.map(\.y)).count == 1 })
    #expect(root.elements("circle", class: "ring").count == 2)
    #expect(root.elements("circle", class: "dot").count == 1)
    #expect(root.elements("path", class: "derivative").flatMap(\.pieces).count == 2)
  }

  /// A derivative that dwarfs the function is cut off: the function keeps a seventh of the height.
  @Test func `the function stays visible`() throws {
    let x = (-200...200).map { Double($0) / 40 }
    let picture = FunctionPicture(
      name: "bump", x: x, y: x.map { $0 > 0 ? 1 : 0 }, derivative: x.map { $0 == 0 ? 1000 : -100 * $0 })
    let root = try parsed(picture.svg())
    let heights = root.elements("path", class: "trained").flatMap(\.pieces).dropFirst().joined().map(\.y)
    #expect((heights.max() ?? 0) - (heights.min() ?? 0) > 18)
  }

  @Test func `degenerate samples are drawn`() throws {
    for (x, y) in [
      ([], []), ([1.0], [2.0]), ([0, 1], [Double.nan, .infinity]), ([0, 0], [1, 2]),
      ([0, .infinity], [.leastNonzeroMagnitude, 0]),
    ] {
      _ = try parsed(FunctionPicture(name: "f<x>", x: x, y: y, derivative: y, breaks: [0, 0.5]).svg())
    }
  }
}
