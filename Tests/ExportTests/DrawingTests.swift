// The parts of a drawing: numbers, axes, lines of text, colours.

import Export
import Foundation
import Testing

@Suite struct DrawingTests {
  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-0.2781, "−0.278"), (12.04, "12"), (999.6, "1000"), (123456, "123000"),
    (0.00012345, "0.000123"), (0.000012345, "1.23×10⁻⁵"), (1e6, "10⁶"), (-2.5e12, "−2.5×10¹²"),
    (9.999e-8, "10⁻⁷"), (.infinity, "∞"), (-.infinity, "−∞"), (.nan, "NaN"), (-0.0, "0"),
    (.leastNonzeroMagnitude, "0"),
    (1.7976931348623157e308, "1.8×10³⁰⁸"),
  ])
  func `numbers keep their significant digits`(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test func `decimals are fixed and changes carry a sign`() {
    #expect(NumberText.fixed(2.345, decimals: 2) == "2.35" || NumberText.fixed(2.345, decimals: 2) == "2.34")
    #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberText.fixed(-3, decimals: 0) == "−3")
    #expect(NumberText.fixed(0.05, decimals: 3) == "0.050")
    #expect(NumberText.fixed(1e20, decimals: 2) == "10²⁰")
    #expect(NumberText.change("a", from: 1, to: 2.82) == "a 1.00 → 2.82")
    #expect(NumberText.change("q", from: 0, to: -0.00123) == "q 0.00 → −0.00123")
  }

  @Test(arguments: [
    (-6.0, 6.0, 6.0, ["−6", "−4", "−2", "0", "2", "4", "6"]),
    (-0.05, 1.05, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (0, 0.6, 3, ["0", "0.2", "0.4", "0.6"]),
    (-1050, 1050, 4, ["−1000", "−500", "0", "500", "1000"]),
    (0, 7e7, 4, ["0", "2×10⁷", "4×10⁷", "6×10⁷"]),
    (-2e-6, 2e-6, 4, ["−2×10⁻⁶", "−1×10⁻⁶", "0", "1×10⁻⁶", "2×10⁻⁶"]),
    (9.8e5, 1.02e6, 4, ["0.98×10⁶", "0.99×10⁶", "1.00×10⁶", "1.01×10⁶", "1.02×10⁶"]),
  ])
  func `ticks are round`(low: Double, high: Double, count: Double, labels: [String]) {
    #expect(Axis(ValueRange(low: low, high: high), ticks: count).ticks.map(\.label) == labels)
  }

  @Test func `ranges cover the values`() {
    let plain = ValueRange(covering: [0, 10, .nan, .infinity])
    #expect(abs(plain.low + 0.5) < 1e-12 && abs(plain.high - 10.5) < 1e-12 && !plain.isClipped)
    #expect(ValueRange(covering: []) == ValueRange(low: -1, high: 1))
    #expect(ValueRange(covering: [0, 0]) == ValueRange(low: -1, high: 1))
    let constant = ValueRange(covering: [4, 4, 4])
    #expect(constant.low == 2 && constant.high == 6)
    let pole = ValueRange(covering: (-100...100).map { 1 / (Double($0) / 1e6 + 1e-9) })
    #expect(pole.span.isFinite)
    let spike = ValueRange(covering: (0..<200).map { sin(Double($0)) } + [1e6])
    #expect(spike.isClipped && spike.high < 10 && spike.low < -1)
    // Half of the values being large is a scale, not a spike.
    #expect(!ValueRange(covering: (0..<200).map { $0 < 100 ? 0 : 1000 }).isClipped)
  }

  @Test func `lines break at spaces and are cut`() {
    let text = "max(x, 0) + a * min(x, 0) + b * sin(x)"
    let whole = TextFit.lines(text, .mono, size: 11, width: 1000, maximumLines: 2)
    #expect(whole.lines == [text] && !whole.isCut)
    let broken = TextFit.lines(text, .mono, size: 11, width: 120, maximumLines: 9)
    #expect(broken.lines.joined(separator: " ") == text && broken.lines.count > 1)
    let cut = TextFit.lines(text, .mono, size: 11, width: 120, maximumLines: 2)
    #expect(cut.isCut && cut.lines.count == 2 && cut.lines[1].hasSuffix("…"))
    for line in broken.lines + cut.lines { #expect(TextFit.width(line, .mono, size: 11) <= 120) }
    let word = TextFit.lines(String(repeating: "m", count: 100), .sans, size: 11, width: 120, maximumLines: 3)
    #expect(word.lines.count == 3 && word.isCut)
  }

  /// WCAG 2.1: 4.5 for text (1.4.3), 3 for lines that carry meaning (1.4.11).
  @Test(arguments: [Palette.light, .dark, .print])
  func `colours have contrast`(_ palette: Palette) {
    for text in [palette.text, palette.muted, palette.derivative] {
      #expect(contrast(text, palette.paper) >= 4.5, "\(text)")
      // Labels may stand on the shaded histogram's paper only; curves cross it.
    }
    for line in [palette.initial, palette.trained, palette.derivative] {
      #expect(contrast(line, palette.paper) >= 3, "\(line)")
      #expect(contrast(line, palette.inputs) >= 3, "\(line)")
    }
  }

  private func contrast(_ a: String, _ b: String) -> Double {
    let (light, dark) = (max(luminance(a), luminance(b)), min(luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)
  }

  private func luminance(_ colour: String) -> Double {
    let value = Int(colour.dropFirst(), radix: 16) ?? 0
    let channels = [16, 8, 0].map { shift -> Double in
      let share = Double(value >> shift & 0xFF) / 255
      return share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }
}
