// The `data` section: where the rows come from and how they are split and prepared.

package import JSON

/// The `data` section as the client wrote it, with its defaults.
package struct DataSection: Sendable {
  /// Where rows come from.
  package enum Source: Sendable {
    case rows(inputs: JSONArray, targets: JSONArray, lengths: JSONArray?)
    case csv([UInt8])
    case attachment([UInt8])
    case arrays(ArrayFiles)
    case synthetic(SyntheticData)
  }

  /// Nil when faults say why.
  package var source: Source?
  /// The columns to predict.
  package var target: [String] = []
  /// The feature columns; nil: all others that a network can use.
  package var features: [String]?
  /// The part of all rows that validates.
  package var validationFraction = 0.2
  /// The part of all rows that neither training nor any choice sees.
  package var testFraction = 0.0
  /// How rows are divided; nil: by the task.
  package var split: SplitMethod?
  /// Nil: the job's seed.
  package var splitSeed: UInt64?
  /// Whether numbers are scaled; nil: unless the model is bare.
  package var standardize: Bool?
  /// What becomes of rows that lack the value of a feature.
  package var missing = MissingPolicy.error
  /// What becomes of rows to predict with a class that training did not have.
  package var unknown = UnknownPolicy.error
  /// What columns hold, where the client says so, in the order given.
  package var types: [(name: String, type: ColumnType)] = []
  /// Columns that are left out.
  package var ignore: [String] = []
  /// What the numbers of a row are, in the order of `inputLayout`; nil: as the rows are nested, else a vector.
  package var inputShape: [Int]?
  /// In which order rows with a shape have their sizes.
  package var inputLayout = InputLayout.channelsLast
  /// The column that has the steps of each row.
  package var lengths: String?
  /// Which rows of a table in time order make a sequence.
  package var window: WindowSection?
  /// What the client says of the dialect of a text.
  package var dialect = DialectOptions()

  /// No source, and the default of everything else.
  package init() {}
}

extension DataSection {
  /// Whether the rows stand in the document.
  var isInline: Bool { if case .rows = source { true } else { false } }

  private static let sources = ["inputs", "csv", "dataset", "synthetic"]
  /// What has a meaning only together with `inputs`.
  private static func isInline(_ reader: ObjectReader) -> Bool {
    reader.has("inputs") || reader.has("targets")
  }
  /// Members that speak of columns by name.
  private static let columnMembers = ["target", "features", "types", "ignore"]

  /// Reads the section, adding every fault to `faults`; the value is of use only where there are none.
  ///
  /// - Parameters:
  ///   - file: the bytes of the data file that came beside the document, if one did.
  ///   - arrays: the arrays that came beside it, if some did.
  package init(
    _ value: JSONValue, at pointer: JSONPointer, file: [UInt8]?, arrays: ArrayFiles? = nil,
    faults: FaultCollector, limits: DataLimits
  ) {
    var reader = ObjectReader(value, at: pointer, faults: faults)
    let given = Self.sources.filter { $0 == "inputs" ? Self.isInline(reader) : reader.has($0) }
    let isTable = arrays == nil && (file != nil || given == ["csv"])
    let inputs = reader.array("inputs", required: given == ["inputs"])
    let targets = reader.array("targets", required: given == ["inputs"])
    let text = reader.string("csv")
    let synthetic = reader.object("synthetic")
    if reader.value("dataset") != nil {
      reader.fault(
        "dataset",
        "data sets cannot be uploaded yet; send inputs and targets, csv, or a file beside this document")
    }
    readColumns(&reader, limits)
    readSplit(&reader)
    let beforeShape = faults.faults.count
    let inlineLengths = readShape(&reader, isTable: isTable, isInline: given == ["inputs"], limits)
    let isShapeKnown = faults.faults.count == beforeShape
    standardize = reader.bool("standardize")
    missing = reader.choice("missing", of: MissingPolicy.self) ?? missing
    unknown = reader.choice("unknown", of: UnknownPolicy.self) ?? unknown
    dialect = DialectOptions(&reader)
    let data = synthetic.map { Self.synthetic($0, limits: limits) }
    reader.finish()

    if file != nil || arrays != nil, let extra = given.first {
      reader.fault(extra, "a data file came beside this document; there can be only one source")
      return
    }
    for extra in given.dropFirst() {
      reader.fault(extra, "there can be only one source of data, and `\(given[0])` is given too")
    }
    if given.count > 1 { return }
    if isTable {
      if !reader.has("target") { reader.fault("target", "required member is missing: the column to predict") }
    } else if value.objectValue != nil, !given.isEmpty || arrays != nil {
      for name in Self.columnMembers where reader.has(name) {
        reader.fault(
          name,
          arrays == nil
            ? "only data with named columns (CSV or NPY) can have this member"
            : name == "target"
              ? "the part `targets` holds what is to be predicted; only a table in the part `data` has a column for it"
              : "the arrays in the parts `inputs` and `targets` have no named columns; only a table in the part `data` has"
        )
      }
      for name in DialectOptions.members where reader.has(name) {
        reader.fault(name, "only CSV text can have this member")
      }
    }
    if let arrays {
      source = .arrays(arrays)
    } else if let file {
      source = .attachment(file)
    } else if let text {
      source = .csv(Array(text.utf8))
    } else if let inputs, let targets {
      source = .rows(inputs: inputs, targets: targets, lengths: inlineLengths)
    } else if let data {
      source = data.map(Source.synthetic)
    } else if given.isEmpty, value.objectValue != nil {
      faults.add(
        "needs a source: inputs and targets, csv, synthetic, or a file beside this document", at: pointer)
    }
    // What is wrong with rows, and what layers make of them, depends on their shape.
    if !isShapeKnown { source = nil }
  }

  // MARK: - Columns

  private mutating func readColumns(_ reader: inout ObjectReader, _ limits: DataLimits) {
    // As the names of a header are read, so that two spellings of one column are one name.
    target = (Self.targetNames(&reader) ?? []).map(CSVHeader.tidied)
    features = reader.strings("features", count: 1...limits.maximumColumns)?.map(CSVHeader.tidied)
    types = Self.types(&reader)
    ignore = (reader.strings("ignore", count: 0...limits.maximumColumns) ?? []).map(CSVHeader.tidied)
    Self.reportRepeats(target, "target", reader)
    Self.reportRepeats(features ?? [], "features", reader)
    Self.reportRepeats(ignore, "ignore", reader)
    let given = Dictionary(types.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    for (index, name) in ignore.enumerated() {
      if let type = given[name], type != .ignore {
        let place = reader.pointer.appending("ignore").appending(index)
        reader.faults.add("`types` says that the column `\(name)` is used, as \(type.rawValue)", at: place)
      }
    }
  }

  /// `target` is one column's name or several.
  private static func targetNames(_ reader: inout ObjectReader) -> [String]? {
    guard let value = reader.value("target") else { return nil }
    if let name = value.stringValue { return [name] }
    if value.arrayValue != nil { return reader.strings("target", count: 1...1000) }
    reader.fault("target", "expected a column name or an array of column names")
    return nil
  }

  private static func types(_ reader: inout ObjectReader) -> [(name: String, type: ColumnType)] {
    guard reader.has("types") else {
      _ = reader.value("types")
      return []
    }
    guard var columns = reader.object("types") else { return [] }
    let names = reader.value("types")?.objectValue?.keys ?? []
    var seen: Set<String> = []
    let types = names.compactMap { name in
      let column = CSVHeader.tidied(name)
      if !seen.insert(column).inserted { columns.fault(name, "the column `\(column)` is named twice") }
      return columns.choice(name, of: ColumnType.self).map { (name: column, type: $0) }
    }
    columns.finish()
    return types
  }

  private static func reportRepeats(_ names: [String], _ member: String, _ reader: ObjectReader) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      let place = reader.pointer.appending(member).appending(index)
      reader.faults.add("the column `\(name)` is named twice", at: place)
    }
  }

  // MARK: - The split, and problems that are made

  private mutating func readSplit(_ reader: inout ObjectReader) {
    validationFraction = reader.number("validation_fraction", in: 0...0.95) ?? validationFraction
    testFraction = reader.number("test_fraction", in: 0...0.95) ?? testFraction
    // 0.65 and 0.3 are together a little more than 0.95 in binary.
    if validationFraction + testFraction > 0.95 + 1e-9 {
      reader.fault(
        "test_fraction",
        "together with `validation_fraction` at most 0.95 of the rows can be set aside")
    }
    split = reader.choice("split", of: SplitMethod.self)
    splitSeed = reader.seed("split_seed")
  }

  private static func synthetic(_ given: ObjectReader, limits: DataLimits) -> SyntheticData? {
    var reader = given
    let before = reader.faults.faults.count
    let kind = reader.choice("kind", of: SyntheticKind.self, required: true)
    let rows = reader.integer("rows", in: 2...min(1_000_000, limits.maximumRows)) ?? 1000
    let noise = reader.number("noise", in: 0...1000)
    let seed = reader.seed("seed") ?? 0
    reader.finish()
    if kind == .uniform, let noise, noise != 0 { reader.fault("noise", "`uniform` takes no noise") }
    guard let kind, reader.faults.faults.count == before else { return nil }
    return SyntheticData(
      kind: kind, rows: rows, noise: noise ?? (kind == .uniform ? 0 : 0.1), seed: seed)
  }
}
