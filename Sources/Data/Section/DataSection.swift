// The `data` section: where the rows come from and how they are split and prepared.

package import JSON

/// The `data` section as the client wrote it, with its defaults.
package struct DataSection: Sendable {
  package enum Source: Sendable {
    case rows(inputs: JSONArray, targets: JSONArray)
    case csv([UInt8])
    case attachment([UInt8])
    case synthetic(SyntheticData)
  }

  /// Nil when faults say why.
  package var source: Source?
  package var target: [String] = []
  package var features: [String]?
  package var validationFraction = 0.2
  package var split: SplitMethod?
  package var standardize: Bool?
  package var missing = MissingPolicy.error

  /// No source, and the default of everything else.
  package init() {}
}

extension DataSection {
  private static let sources = ["inputs", "csv", "dataset", "synthetic"]

  /// Reads the section, adding every fault to `faults`; the value is of use only where there are none.
  ///
  /// - Parameter file: the bytes of the data file that came beside the document, if one did.
  package init(
    _ value: JSONValue, at pointer: JSONPointer, file: [UInt8]?, faults: FaultCollector,
    limits: DataLimits
  ) {
    var reader = ObjectReader(value, at: pointer, faults: faults)
    let given = Self.sources.filter { reader.has($0) || ($0 == "inputs" && reader.has("targets")) }
    let inputs = reader.array("inputs", required: given == ["inputs"])
    let targets = reader.array("targets", required: given == ["inputs"])
    let text = reader.string("csv")
    let synthetic = reader.object("synthetic")
    if reader.value("dataset") != nil {
      reader.fault(
        "dataset",
        "data sets cannot be uploaded yet; send inputs and targets, csv, or a file beside this document")
    }
    let columns = Self.targetNames(&reader)
    features = reader.strings("features", count: 1...limits.maximumColumns)
    target = columns ?? []
    validationFraction = reader.number("validation_fraction", in: 0...0.95) ?? validationFraction
    split = reader.choice("split", of: SplitMethod.self)
    standardize = reader.bool("standardize")
    missing = reader.choice("missing", of: MissingPolicy.self) ?? missing
    let data = synthetic.map { Self.synthetic($0, limits: limits) }
    reader.finish()
    Self.reportRepeats(target, "target", reader)
    Self.reportRepeats(features ?? [], "features", reader)

    if file != nil, let extra = given.first {
      reader.fault(extra, "a data file came beside this document; there can be only one source")
      return
    }
    for extra in given.dropFirst() {
      reader.fault(extra, "there can be only one source of data, and `\(given[0])` is given too")
    }
    if given.count > 1 { return }
    let isTable = file != nil || given == ["csv"]
    if isTable {
      if !reader.has("target") { reader.fault("target", "required member is missing: the column to predict") }
    } else if value.objectValue != nil {
      for name in ["target", "features"] where reader.has(name) && !given.isEmpty {
        reader.fault(name, "only data with named columns (CSV or NPY) can have this member")
      }
    }
    if let file {
      source = .attachment(file)
    } else if let text {
      source = .csv(Array(text.utf8))
    } else if let inputs, let targets {
      source = .rows(inputs: inputs, targets: targets)
    } else if let data {
      source = data.map(Source.synthetic)
    } else if given.isEmpty, value.objectValue != nil {
      faults.add(
        "needs a source: inputs and targets, csv, synthetic, or a file beside this document", at: pointer)
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

  private static func reportRepeats(_ names: [String], _ member: String, _ reader: ObjectReader) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      let place = reader.pointer.appending(member).appending(index)
      reader.faults.add("the column `\(name)` is named twice", at: place)
    }
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
