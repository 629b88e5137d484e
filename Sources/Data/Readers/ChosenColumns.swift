// The columns of a CSV text that are used: read, and those found that no network can use.

import Text

/// Reads the chosen columns, and leaves out those that say nothing unless the client names them.
struct ChosenColumns {
  /// A column as it is used.
  struct Used {
    var position: Int
    var reading: ColumnReading
  }

  let csv: CSVTable
  let limits: DataLimits
  let choice: DataFile.Choice

  private(set) var features: [Used] = []
  private(set) var targets: [Used] = []
  private(set) var faults: [String] = []
  private(set) var notes: [ColumnReading.Note] = []
  private var leftOut: [Used] = []

  init(csv: CSVTable, limits: DataLimits, choice: DataFile.Choice) {
    (self.csv, self.limits, self.choice) = (csv, limits, choice)
  }

  /// - Parameter areFeaturesNamed: whether the client lists the features, so that none is left out.
  mutating func read(areFeaturesNamed: Bool) {
    let reader = ColumnReader(csv: csv, limits: limits)
    let all = choice.features + choice.targets
    let texts = csv.texts(of: all.filter { reader.needsTexts($0, choice.types[$0]) })
    for column in choice.features {
      let used = Used(
        position: column, reading: reader.read(column, texts[column], declared: choice.types[column]))
      if used.reading.reason != nil, !areFeaturesNamed, choice.types[column] == nil {
        leftOut.append(used)
      } else {
        features.append(used)
      }
    }
    targets = choice.targets.map {
      Used(position: $0, reading: reader.read($0, texts[$0], declared: choice.types[$0]))
    }
    if features.isEmpty { keepCounters() }
    faults = used.flatMap(\.reading.faults)
    notes = used.flatMap(\.reading.notes) + leftOutNotes() + namedNotes()
  }

  /// The columns that are used, each once: a target may be a feature too.
  private var used: [Used] {
    let targeted = Set(targets.map(\.position))
    return features.filter { !targeted.contains($0.position) } + targets
  }

  /// A column that counts the rows may be time: it stays where nothing else is left.
  private mutating func keepCounters() {
    let isCounter: (Used) -> Bool = { $0.reading.reason == .identifier && $0.reading.type == .number }
    features = leftOut.filter(isCounter)
    leftOut.removeAll(where: isCounter)
  }

  // MARK: - What is said

  private static let order: [ColumnReading.Reason] = [.noValue, .oneValue, .identifier, .date, .freeText]

  private static func words(_ reason: ColumnReading.Reason, isOne: Bool) -> String {
    switch reason {
    case .noValue: isOne ? "has no value in any row" : "have no value in any row"
    case .oneValue: isOne ? "has one value in every row" : "have one value in every row"
    case .identifier: isOne ? "has another value in every row" : "have another value in every row"
    case .date: isOne ? "has dates or times" : "have dates or times"
    case .freeText:
      isOne ? "has texts that are nearly all different" : "have texts that are nearly all different"
    }
  }

  private func names(_ columns: [Used]) -> String {
    let names = columns.prefix(5).map { csv.names[$0.position] }
    let rest = columns.count - names.count
    let word = columns.count == 1 ? "the column" : "the columns"
    return rest == 0
      ? "\(word) \(listed(names))"
      : "\(word) \(names.map { "`\($0)`" }.joined(separator: ", ")) and \(rest) more"
  }

  /// One remark for each reason, however many columns are left out for it.
  private func leftOutNotes() -> [ColumnReading.Note] {
    Self.order.compactMap { reason in
      let columns = leftOut.filter { $0.reading.reason == reason }
      guard !columns.isEmpty else { return nil }
      let (words, verb) = (Self.words(reason, isOne: columns.count == 1), columns.count == 1 ? "is" : "are")
      return ColumnReading.Note(
        code: reason.rawValue,
        message:
          "\(names(columns)) \(words) and \(verb) left out; to use a column, name it in `types` or `features`"
      )
    }
  }

  /// What is said of features that the client wants although they say nothing.
  private func namedNotes() -> [ColumnReading.Note] {
    features.compactMap { used in
      switch used.reading.reason {
      case .noValue, .oneValue:
        guard let reason = used.reading.reason else { return nil }
        return ColumnReading.Note(
          code: reason == .noValue ? reason.rawValue : "constant_feature",
          message: "the feature `\(csv.names[used.position])` \(Self.words(reason, isOne: true))")
      default: return nil
      }
    }
  }

  /// Why columns were left out, for the fault that no feature is left.
  var reasons: String {
    Self.order.compactMap { reason in
      let columns = leftOut.filter { $0.reading.reason == reason }
      return columns.isEmpty ? nil : "\(names(columns)) \(Self.words(reason, isOne: columns.count == 1))"
    }.joined(separator: ", ")
  }

  // MARK: - What is left

  var table: Table {
    func columns(_ used: [Used]) -> [Column] {
      used.map { Column(name: csv.names[$0.position], values: $0.reading.values) }
    }
    return Table(features: columns(features), targets: columns(targets))
  }

  /// The types of the columns that are used, in the order of the file.
  var types: [(name: String, type: ColumnType)] {
    used.sorted { $0.position < $1.position }.map {
      (csv.names[$0.position], $0.reading.type)
    }
  }

  /// The names of the columns that the client or a rule left out, in the order of the file.
  func ignored(_ outside: Set<Int>) -> [String] {
    let used = Set((features + targets).map(\.position))
    let positions = choice.ignored.union(outside).union(leftOut.map(\.position)).subtracting(used)
    return positions.sorted().map { csv.names[$0] }
  }
}
