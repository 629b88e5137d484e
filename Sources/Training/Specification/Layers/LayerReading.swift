// Reading one layer of a document: its members, and what is known around it.

import JSON

/// The object of one layer and what bounds it.
struct LayerReading {
  var reader: ObjectReader
  /// How many layers it is inside.
  let depth: Int
  let seed: UInt64
  let limits: TrainingLimits

  /// How many residual layers may be inside one another.
  static let maximumDepth = 8

  /// A required number of units, each of which the layer has several of, which all count.
  mutating func units(pieces: Int = 1) -> Int? {
    reader.integer("units", in: 1...max(1, limits.maximumUnits / pieces), required: true)
  }

  /// The sizes of a window, one for all axes or one for each of two.
  mutating func sizes(_ member: String, axes: Int, required: Bool = false) -> [Int]? {
    let range = 1...limits.maximumWindow
    guard let value = reader.value(member, required: required) else { return nil }
    if value.doubleValue != nil { return reader.integer(member, in: range).map { [$0] } }
    let given = value.arrayValue
    if axes > 1, given?.count == axes { return reader.integers(member, in: range) }
    let got = given.map { $0.count == 1 ? "an array of 1" : String($0.count) } ?? value.typeNameWithArticle
    reader.fault(
      member,
      "expected a whole number from 1 to \(range.upperBound)\(axes > 1 ? " or \(axes) of them" : ""), got "
        + (axes > 1 ? got : value.typeNameWithArticle))
    return nil
  }

  /// An activation; the job's where it is faulty.
  mutating func activation(_ member: String = "activation", absent: ActivationChoice = .job)
    -> ActivationChoice
  {
    guard let value = reader.value(member) else { return absent }
    if value == "none" { return .none }
    let place = reader.pointer.appending(member)
    let section = ActivationSection(value, at: place, seed: seed, faults: reader.faults)
    return section.map(ActivationChoice.own) ?? .job
  }

  /// The layers of an array that are sound.
  func layers(_ array: JSONArray, at pointer: JSONPointer) -> [any LayerSection] {
    Self.layers(
      array, at: pointer, depth: depth + 1, seed: seed, faults: reader.faults, limits: limits)
  }

  static func layers(
    _ array: JSONArray, at pointer: JSONPointer, depth: Int = 0, seed: UInt64, faults: FaultCollector,
    limits: TrainingLimits
  ) -> [any LayerSection] {
    array.enumerated().map { index, value in
      let place = pointer.appending(index)
      let before = faults.faults.count
      var reader = ObjectReader(value, at: place, faults: faults)
      let name = reader.choice(
        "type", among: Layers.names, required: true, meaning: Layers.type(ofOtherLibrary:))
      guard let name, let type = Layers.all.first(where: { $0.name == name }) else {
        return FaultySection(type: "")
      }
      var reading = LayerReading(reader: reader, depth: depth, seed: seed, limits: limits)
      let section = type.read(&reading)
      reading.reader.finish(synonyms: Layers.synonyms)
      let isClear = faults.faults[before...].allSatisfy { leavesShapes($0, ofLayerAt: place) }
      guard let section, isClear else { return FaultySection(type: name) }
      return section
    }
  }

  /// Whether a fault leaves no doubt about the layer's shapes: an activation's does not, and layers inside speak for
  /// themselves.
  private static func leavesShapes(_ fault: Fault, ofLayerAt place: JSONPointer) -> Bool {
    let path = fault.pointer.tokens.dropFirst(place.tokens.count)
    guard let member = path.first else { return false }
    return member.hasSuffix("activation") || (member == "layers" && path.count > 1)
  }
}

extension [Int] {
  /// The size of an axis, where one stands for all.
  func ofAxis(_ axis: Int) -> Int { count == 1 ? self[0] : self[axis] }
}

extension JSONValue {
  /// Sizes of several axes, or of one.
  static func sizes(_ sizes: [Int]) -> JSONValue {
    sizes.count == 1 ? .integer(sizes[0]) : .array(JSONArray(numbers: sizes.map(Double.init)))
  }
}
