// One column of a CSV text with its type decided over all rows.

import Text

/// What came of a column.
struct ColumnReading {
  /// Why a column is not used unless the client names it.
  enum Reason: String {
    case noValue = "empty_column"
    case oneValue = "constant_feature"
    case identifier = "identifier_column"
    case date = "date_column"
    case freeText = "free_text_column"
  }

  /// A remark on the column.
  struct Note {
    var code: String
    var message: String
  }

  var values = ColumnValues.numbers([])
  var type = ColumnType.number
  var reason: Reason?
  var notes: [Note] = []
  var faults: [String] = []
}

/// Decides what a column of a CSV text holds, and reads it.
///
/// A column of which nine in ten cells are numbers, however written, is one of numbers: each other cell is a fault, so
/// that a stray text never makes classes of them. All rules look at every row. O(rows).
struct ColumnReader {
  let csv: CSVTable
  let limits: DataLimits

  /// The smallest table in which being different in every row says something.
  private static let identifierRows = 10

  /// The columns whose fields `read` needs: those with texts, and those that are to be classes whatever they hold.
  func needsTexts(_ column: Int, _ declared: ColumnType?) -> Bool {
    if csv.firstText(of: column) != nil { return true }
    return declared == .category || declared == .boolean || (declared == nil && csv.isZeroPadded(column))
  }

  /// Reads a column.
  ///
  /// - Parameters:
  ///   - fields: its fields, where `needsTexts`.
  ///   - declared: its type, as the client says.
  func read(_ column: Int, _ fields: [CSVField]?, declared: ColumnType?) -> ColumnReading {
    guard let fields else { return numbers(column) }
    switch declared {
    case .category: return classes(column, texts(fields))
    case .boolean: return truthValues(column, texts(fields))
    case .number: return NumberCells(csv, column, fields).reading()
    case .ignore, nil: break
    }
    let cells = NumberCells(csv, column, fields)
    if csv.isZeroPadded(column), cells.texts.isEmpty {
      var reading = classes(column, texts(fields))
      reading.notes.append(
        ColumnReading.Note(
          code: "leading_zeros",
          message:
            "the column `\(csv.names[column])` has numbers with leading zeros, which are taken as classes; "
            + "set its type to `number` if they are numbers"))
      return reading
    }
    if cells.areNumbers { return cells.reading() }
    return found(column, texts(fields), numbers: cells.numberCount)
  }

  private func numbers(_ column: Int) -> ColumnReading {
    let numbers = csv.numbers(of: column)
    var reading = ColumnReading(values: .numbers(numbers))
    if numbers.allSatisfy(\.isNaN) {
      reading.reason = .noValue
    } else if ColumnMoments.isConstant(reading.values), numbers.count(where: { !$0.isNaN }) > 1 {
      reading.reason = .oneValue
    } else if Self.isCounter(numbers) {
      reading.reason = .identifier
    }
    return reading
  }

  /// Whether the numbers go up by one from row to row.
  private static func isCounter(_ numbers: [Double]) -> Bool {
    guard numbers.count >= identifierRows, numbers[0] == numbers[0].rounded() else { return false }
    return zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 1 }
  }

  /// The texts of a column, nil where one is missing.
  private func texts(_ fields: [CSVField]) -> [String?] {
    fields.map { csv.isMissing($0) ? nil : csv.text(of: $0) }
  }

  // MARK: - Classes

  /// A column of texts as they are found: truth values, classes, or something that no network can use.
  private func found(_ column: Int, _ texts: [String?], numbers: Int) -> ColumnReading {
    let distinct = Set(texts.lazy.compactMap(\.self))
    if TextShape.areTruthValues(distinct) { return truthValues(column, texts) }
    let present = texts.count { $0 != nil }
    var reading: ColumnReading
    if distinct.count > limits.maximumCategories {
      reading = ColumnReading(values: .classes(codes: [], labels: []), type: .category)
      reading.faults = [tooManyClasses(column)]
    } else {
      reading = classes(column, texts)
    }
    let most = min(limits.maximumCategories, max(20, texts.count / 2))
    if distinct.isEmpty {
      reading.reason = .noValue
    } else if distinct.allSatisfy({ TextShape.isDate($0[...].utf8) }) {
      reading.reason = .date
    } else if distinct.count == 1 {
      reading.reason = .oneValue
    } else if distinct.count == present, present >= Self.identifierRows {
      reading.reason = .identifier
    } else if distinct.count > most {
      reading.reason = .freeText
    } else if let note = affixes(column, texts, distinct) {
      reading.notes.append(note)
    } else if numbers > 0 {
      let words = texts.lazy.compactMap(\.self).first { NumberLook(Array($0.utf8)[...]) == nil } ?? ""
      reading.notes.append(
        ColumnReading.Note(
          code: "mixed_column",
          message:
            "the column `\(csv.names[column])` has \(numbers) numbers and \(present - numbers) texts such as "
            + "\(quoted(words)), and is taken as one of \(distinct.count) classes; name texts that mean a missing "
            + "value in `na_values`"))
    }
    return reading
  }

  /// A remark where all texts are numbers with the same unit, currency or sign beside them.
  private func affixes(_ column: Int, _ texts: [String?], _ distinct: Set<String>) -> ColumnReading.Note? {
    let affixes = Set(distinct.map { NumberLook.affix(of: $0) })
    guard distinct.count > 2, affixes.count == 1, affixes.first != .some(nil),
      let first = texts.lazy.compactMap(\.self).first
    else { return nil }
    return ColumnReading.Note(
      code: "numbers_with_text",
      message:
        "the column `\(csv.names[column])` has numbers with something beside them, such as \(quoted(first)), and "
        + "is taken as one of \(distinct.count) classes; write the numbers alone, or set its type to `category`"
    )
  }

  private func classes(_ column: Int, _ texts: [String?]) -> ColumnReading {
    var reading = ColumnReading(values: ClassLabels.encode(texts: texts), type: .category)
    if case .classes(_, let labels) = reading.values, labels.count > limits.maximumCategories {
      reading.faults = [tooManyClasses(column)]
    }
    return reading
  }

  private func tooManyClasses(_ column: Int) -> String {
    let fault = "the column `\(csv.names[column])` has more than \(limits.maximumCategories) classes"
    guard let row = csv.firstText(of: column), column < csv.names.count else { return fault }
    let text = csv.text(of: csv.fields(ofRow: row)[column])
    return fault + "; \(quoted(text)) in row \(csv.recordNumber(of: row)) is not a number"
  }

  private func truthValues(_ column: Int, _ texts: [String?]) -> ColumnReading {
    let distinct = Set(texts.lazy.compactMap(\.self))
    guard distinct.count <= 2 || TextShape.areTruthValues(distinct) else {
      var reading = ColumnReading(type: .boolean)
      reading.faults = [
        "the column `\(csv.names[column])` has \(distinct.count) different values; a boolean has two"
      ]
      return reading
    }
    // Where a word is written in several ways, its lower case stands for all.
    let hasOneSpelling = Set(distinct.map { $0.lowercased() }).count == distinct.count
    let values = ClassLabels.encode(texts: hasOneSpelling ? texts : texts.map { $0?.lowercased() })
    return ColumnReading(values: values, type: .boolean, reason: distinct.count < 2 ? .oneValue : nil)
  }
}
