// The cells of a column that may be one of numbers: what is read, and what is wrong with each that is not.

import Text

/// A column's cells as numbers.
struct NumberCells {
  /// A cell that is no plain number.
  struct TextCell {
    var row: Int
    var text: [UInt8]
    var look: NumberLook?
  }

  private(set) var texts: [TextCell] = []
  private(set) var numberCount = 0
  private var numbers: [Double]
  private let csv: CSVTable
  private let column: Int

  /// More faults of one kind than this are said in one sentence.
  private static let maximumFaults = 3

  init(_ csv: CSVTable, _ column: Int, _ fields: [CSVField]) {
    self.csv = csv
    self.column = column
    numbers = csv.numbers(of: column)
    for (row, field) in fields.enumerated() where csv.cell(field) == .text {
      let text = csv.withBytes(of: field) { Array(DecimalText.trimmed($0)) }
      // In quotes the usual marks are texts, unless nothing else is one.
      let isMark = field.isQuoted && text.withUnsafeBufferPointer(DecimalText.isMissing)
      texts.append(TextCell(row: row, text: text, look: isMark ? .mark : NumberLook(text[...])))
    }
    numberCount = numbers.count { !$0.isNaN }
  }

  /// Whether at least nine in ten of the cells that are there are numbers, however written, or marks of missing ones.
  var areNumbers: Bool {
    let alike = texts.count { $0.look != nil }
    let present = numberCount + texts.count
    return 10 * (numberCount + alike) >= 9 * present
  }

  /// The column as one of numbers.
  func reading() -> ColumnReading {
    var reading = ColumnReading()
    var numbers = numbers
    let marks = texts.filter { $0.look == .mark }
    if let first = marks.first {
      reading.notes.append(
        ColumnReading.Note(
          code: "missing_mark",
          message:
            "\(shown(first)) in \(marks.count == 1 ? place(first) : "\(marks.count) rows") of the column "
            + "`\(name)` is taken as a missing value"))
    }
    let rest = texts.filter { $0.look != .mark }
    for (look, kind) in [(NumberLook.percent, "percentages"), (.currency, "amounts of money")] {
      read(rest.filter { $0.look == look }, as: kind, isPercent: look == .percent, &numbers, &reading)
    }
    report(rest.filter { $0.look == .infinite }, &reading) { _ in "is not a finite number" }
    report(rest.filter { $0.look == nil }, &reading) { _ in
      "is not a number, as the other cells of the column `\(name)` are; correct it, name it in `na_values`, or set the "
        + "column's type in `types`"
    }
    report(rest.filter { remedy($0) != nil }, &reading) { remedy($0) ?? "" }
    reading.values = .numbers(numbers)
    if reading.faults.isEmpty {
      if numbers.allSatisfy(\.isNaN) {
        reading.reason = .noValue
      } else if ColumnMoments.isConstant(reading.values) {
        reading.reason = .oneValue
      }
    }
    return reading
  }

  private var name: String { csv.names[column] }

  private func shown(_ cell: TextCell) -> String { quoted(String(decoding: cell.text, as: UTF8.self)) }

  private func place(_ cell: TextCell) -> String { "row \(csv.recordNumber(of: cell.row))" }

  /// Reads percentages or amounts: a percentage as its number of percent, if all of the column are.
  private func read(
    _ cells: [TextCell], as kind: String, isPercent: Bool, _ numbers: inout [Double],
    _ reading: inout ColumnReading
  ) {
    guard let first = cells.first else { return }
    if isPercent, numberCount > 0 || cells.count < texts.count(where: { $0.look != .mark }) {
      reading.faults.append(
        "\(located(first)): \(shown(first)) is a percentage, but other cells of the column `\(name)` are not; write "
          + "all in one way")
      return
    }
    for cell in cells {
      guard let part = NumberLook.plainPart(of: cell.text[...]),
        case .number(let number) = part.withUnsafeBufferPointer({ csv.cell($0) })
      else {
        reading.faults.append(
          "\(located(cell)): \(shown(cell)) has a decimal mark or group marks that were not expected; set `decimal` or "
            + "`thousands`")
        return
      }
      numbers[cell.row] = number
    }
    reading.notes.append(
      ColumnReading.Note(
        code: isPercent ? "percent_column" : "currency_column",
        message: "the column `\(name)` has \(kind) such as \(shown(first)), which are read as their numbers"
      ))
  }

  /// What to do about a number that is written in another way; nil for all else.
  private func remedy(_ cell: TextCell) -> String? {
    switch cell.look {
    case .ambiguousComma:
      "is a thousand or a fraction; set `thousands` or `decimal` to `,`"
    case .decimalComma: "has a decimal comma, but other numbers have none; set `decimal` to `,` if all have"
    case .plain: "has a decimal point, but the decimal mark is `,`; set `decimal`"
    case .grouped(let mark, let decimal):
      "has its digits in groups; set `thousands` to `\(Character(Unicode.Scalar(mark)))`"
        + (decimal == UInt8(ascii: ",") ? " and `decimal` to `,`" : "")
    default: nil
    }
  }

  private func located(_ cell: TextCell) -> String { "\(place(cell)), column \(column + 1) (`\(name)`)" }

  /// A fault for each cell, or one for all of them where they are many.
  private func report(_ cells: [TextCell], _ reading: inout ColumnReading, _ what: (TextCell) -> String) {
    if cells.count > Self.maximumFaults, let first = cells.first {
      reading.faults.append(
        "\(located(first)): \(shown(first)) \(what(first)); the column has \(cells.count) such cells")
    } else {
      for cell in cells { reading.faults.append("\(located(cell)): \(shown(cell)) \(what(cell))") }
    }
  }
}
