// The dialect of a text, found from its beginning: every plausible reading is tried, the most regular one is taken.

/// What was found, and how.
struct DetectedDialect {
  /// How it is known whether the first record is a header.
  enum HeaderEvidence {
    /// The client says so, or a text stands over numbers.
    case plain
    /// A record of numbers whose cells the client names.
    case numeric
    /// Every column is of texts.
    case assumed
    /// A record like all others.
    case absent
  }

  var dialect: Dialect
  var header = HeaderEvidence.plain
  /// Whether no number of the sample has a decimal mark.
  var isDecimalOpen = false
}

/// Finds what the client leaves open.
///
/// Of the delimiters `,` `;` tab `|`, each with quotes and without, the one is taken under which most of the names that
/// the client gives stand in the first record, then the one whose records are most regular and whose cells are most
/// often numbers, dates or truth values. O(sample), whatever the length of the text.
struct DialectDetector {
  let bytes: [UInt8]
  let options: DialectOptions
  /// Column names that the client gives.
  let names: Set<String>

  private static let sampleBytes = 256 * 1024
  private static let sampleRecords = 1000
  private static let sampleCells = 50_000

  /// The records of the sample under one reading.
  private struct Candidate {
    var dialect: Dialect
    var records: [[ArraySlice<UInt8>]] = []
    var width = 0
    /// The share of records of the commonest width.
    var consistency = 0.0
    /// The share of cells that are not just any text.
    var typed = 0.0
    var namesFound = 0

    var score: Double { consistency * (0.5 + typed) }
  }

  func detect() -> DetectedDialect {
    var dialect = Dialect()
    dialect.comment = options.comment
    dialect.escape = options.escape
    var candidates: [Candidate] = []
    for delimiter in delimiters {
      for quote in quotes {
        dialect.delimiter = delimiter
        dialect.quote = quote
        let candidate = candidate(dialect)
        candidates.append(candidate)
        // Nothing can be found that reads better.
        if candidate.width > 1, candidate.consistency == 1, !names.isEmpty, candidate.typed > 0.5,
          candidate.namesFound == names.count
        {
          return finished(candidate)
        }
      }
    }
    return finished(best(of: candidates))
  }

  private var delimiters: [UInt8] {
    if let given = options.delimiter ?? SeparatorLine(bytes)?.delimiter { return [given] }
    return [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
  }

  private var quotes: [UInt8?] {
    if let given = options.quote { return [given] }
    let quote = UInt8(ascii: "\"")
    return bytes.prefix(Self.sampleBytes).contains(quote) ? [quote, nil] : [quote]
  }

  /// Regular readings come first; where there is none, the least irregular, so that the fault is of its row.
  private func best(of candidates: [Candidate]) -> Candidate {
    for threshold in [0.98, 0.6] {
      let fitting = candidates.filter { $0.width > 1 && $0.consistency >= threshold }
      let best = fitting.enumerated().max { left, right in
        let (a, b) = (left.element, right.element)
        if a.namesFound != b.namesFound { return a.namesFound < b.namesFound }
        if a.score != b.score { return a.score < b.score }
        if a.width != b.width { return a.width < b.width }
        return left.offset > right.offset
      }
      if let best { return best.element }
    }
    return candidates.max { $0.namesFound < $1.namesFound } ?? candidates[0]
  }

  // MARK: - The sample

  private func candidate(_ dialect: Dialect) -> Candidate {
    var candidate = Candidate(dialect: dialect)
    var size = Self.sampleBytes
    while true {
      read(Array(bytes.prefix(size)), isWhole: size >= bytes.count, into: &candidate)
      if !candidate.records.isEmpty || size >= bytes.count { break }
      // A record longer than the sample.
      size *= 8
    }
    measure(&candidate)
    return candidate
  }

  /// The complete records of the sample. A record that is cut says nothing.
  private func read(_ sample: [UInt8], isWhole: Bool, into candidate: inout Candidate) {
    var scanner = CSVScanner(sample, dialect: candidate.dialect)
    var cells = 0
    var isBroken = false
    while candidate.records.count < Self.sampleRecords, cells < Self.sampleCells {
      let record: [CSVField]?
      do { record = try scanner.nextRecord(maximumFields: 100_000) } catch {
        // A quote that is never closed is a fault of its row, which reading will name.
        isBroken = error.reason != .unterminatedQuote
        break
      }
      guard let record else { break }
      if record.isBlank(in: sample), record.count == 1 || candidate.records.isEmpty { continue }
      if scanner.position >= sample.count, !isWhole { break }
      candidate.records.append(record.map { sample[$0.start..<$0.end] })
      cells += record.count
    }
    candidate.consistency = isBroken ? 0.5 : 1
  }

  private func measure(_ candidate: inout Candidate) {
    guard let first = candidate.records.first else { return }
    var counts: [Int: Int] = [:]
    for record in candidate.records { counts[record.count, default: 0] += 1 }
    // A header without a name for the row names is one field short.
    let body = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    guard let body else { return }
    candidate.width = body.key
    let short = first.count == body.key - 1 && candidate.records.count > 2 ? 1 : 0
    candidate.consistency *= Double(body.value + short) / Double(candidate.records.count)
    var cells = 0
    var typed = 0
    for record in candidate.records.dropFirst(candidate.records.count > 1 ? 1 : 0) {
      for cell in record {
        cells += 1
        if Self.isTyped(cell) { typed += 1 }
      }
    }
    candidate.typed = cells == 0 ? 0 : Double(typed) / Double(cells)
    let found = Set(first.map(Self.name)).intersection(names)
    candidate.namesFound = found.count
  }

  private static func isTyped(_ cell: ArraySlice<UInt8>) -> Bool {
    let cell = DecimalText.trimmed(cell)
    if cell.withUnsafeBufferPointer(DecimalText.isMissing) || NumberLook(cell) != nil { return true }
    guard cell.count <= 40 else { return false }
    let text = String(decoding: cell, as: UTF8.self)
    return TextShape.areTruthValues([text]) || TextShape.isDate(text[...].utf8)
  }

  private static func name(_ cell: ArraySlice<UInt8>) -> String {
    CSVHeader.tidied(String(decoding: cell, as: UTF8.self))
  }

  // MARK: - Decimal mark and header

  private func finished(_ candidate: Candidate) -> DetectedDialect {
    var found = DetectedDialect(dialect: candidate.dialect)
    found.dialect.thousands = options.thousands
    let body = candidate.records.dropFirst()
    if let decimal = options.decimal {
      found.dialect.decimal = decimal
    } else if options.thousands == UInt8(ascii: ".") {
      found.dialect.decimal = UInt8(ascii: ",")
    } else if options.thousands != UInt8(ascii: ",") {
      let marks = DecimalMarks(body.joined())
      found.dialect.decimal = marks.decimal(delimiter: candidate.dialect.delimiter)
      found.isDecimalOpen = marks.isOpen
    }
    found.header = header(candidate)
    found.dialect.hasHeader = found.header != .absent
    return found
  }

  private func header(_ candidate: Candidate) -> DetectedDialect.HeaderEvidence {
    if let given = options.hasHeader { return given ? .plain : .absent }
    guard let first = candidate.records.first else { return .plain }
    let isNamed = !names.isDisjoint(with: first.map(Self.name))
    let body = candidate.records.dropFirst()
    // A header that is one field short has none for the row names.
    let shift = max(0, candidate.width - first.count)
    var textsOverNumbers = 0
    var numbersOverNumbers = 0
    var hasText = false
    for (column, cell) in first.enumerated() {
      let trimmed = DecimalText.trimmed(cell)
      if trimmed.withUnsafeBufferPointer(DecimalText.isMissing) { continue }
      let isNumber = NumberLook(trimmed) != nil
      if !isNumber { hasText = true }
      let values = body.lazy.compactMap { column + shift < $0.count ? $0[column + shift] : nil }
      if Self.areNumbers(values) {
        if isNumber { numbersOverNumbers += 1 } else { textsOverNumbers += 1 }
      }
    }
    if textsOverNumbers > 0, numbersOverNumbers == 0 { return .plain }
    if isNamed { return hasText && numbersOverNumbers == 0 ? .plain : .numeric }
    if !hasText || numbersOverNumbers > 0 { return textsOverNumbers > numbersOverNumbers ? .plain : .absent }
    return namesArePositions(candidate.width) ? .absent : .assumed
  }

  /// Whether the client speaks of columns by `x` and their number, as if they had no names.
  private func namesArePositions(_ width: Int) -> Bool {
    !names.isEmpty
      && names.allSatisfy { name in
        name.first == "x" && Int(name.dropFirst()).map { (1...max(1, width)).contains($0) } == true
      }
  }

  /// Whether nine in ten of the values that are there look like numbers.
  private static func areNumbers(_ values: some Sequence<ArraySlice<UInt8>>) -> Bool {
    var present = 0
    var numbers = 0
    for value in values where !DecimalText.trimmed(value).withUnsafeBufferPointer(DecimalText.isMissing) {
      present += 1
      if NumberLook(value) != nil { numbers += 1 }
    }
    return present > 0 && 10 * numbers >= 9 * present
  }
}

/// The decimal marks of some cells.
private struct DecimalMarks {
  private var points = 0
  /// Those that cannot be group marks.
  private var decisivePoints = 0
  private var decisiveCommas = 0
  private var ambiguousCommas = 0

  init(_ cells: some Sequence<ArraySlice<UInt8>>) {
    for cell in cells where cell.count <= 64 { add(cell) }
  }

  private mutating func add(_ cell: ArraySlice<UInt8>) {
    switch NumberLook(cell) {
    case .plain(hasPoint: true):
      points += 1
      let fraction = cell.drop { $0 != UInt8(ascii: ".") }.dropFirst()
      let whole = cell.prefix { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "-") }
      if fraction.count != 3 || whole.count > 3 || whole.first == UInt8(ascii: "0") { decisivePoints += 1 }
    case .decimalComma, .grouped(by: _, decimal: UInt8(ascii: ",")?): decisiveCommas += 1
    case .grouped(by: _, decimal: UInt8(ascii: ".")?): decisivePoints += 1
    case .ambiguousComma: ambiguousCommas += 1
    case .percent, .currency:
      if let part = NumberLook.plainPart(of: cell) { add(part[...]) }
    default: break
    }
  }

  var isOpen: Bool { points == 0 && decisivePoints == 0 && decisiveCommas == 0 && ambiguousCommas == 0 }

  func decimal(delimiter: UInt8) -> UInt8 {
    let (point, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
    if decisivePoints > 0 || (points > 0 && decisiveCommas == 0) { return point }
    if decisiveCommas > 0 { return comma }
    return ambiguousCommas > 0 && delimiter != comma ? comma : point
  }
}
