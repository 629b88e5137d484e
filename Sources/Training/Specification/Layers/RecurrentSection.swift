// `rnn`, `lstm`, `gru`: cells that read a sequence step by step.

import Engine
import JSON

/// A recurrent layer; members that a cell has no use for stay at their defaults.
struct RecurrentSection: LayerSection {
  enum Cell: String, CaseIterable {
    case rnn, lstm, gru
  }

  /// From the cell state of an LSTM to its output.
  enum Output: Sendable {
    case tanh, shared
    case own(ActivationSection)
  }

  var cell: Cell
  var units: Int
  var activation: ActivationChoice
  /// The function of the gates; nil: the sigmoid.
  var gates: ActivationSection?
  var output = Output.tanh
  var resetAfter = true
  var options = RecurrentOptions()

  var type: String { cell.rawValue }

  static let types = Cell.allCases.map { cell in LayerType(cell.rawValue) { read(cell, &$0) } }

  private static func read(_ cell: Cell, _ layer: inout LayerReading) -> (any LayerSection)? {
    let units = layer.units(pieces: 4)
    let activation = layer.activation()
    var options = RecurrentOptions()
    options.returnsSequences = layer.reader.bool("return_sequences") ?? false
    let isBidirectional = layer.reader.bool("bidirectional") ?? false
    let hasMerge = layer.reader.has("merge_mode")
    let merge = layer.reader.choice("merge_mode", of: RecurrentOptions.Merge.self) ?? .concat
    if hasMerge, !isBidirectional {
      layer.reader.fault("merge_mode", "only with `\"bidirectional\": true`")
    }
    options.merge = isBidirectional ? merge : nil
    options.usesBias = layer.reader.bool("use_bias") ?? true
    guard var section = units.map({ RecurrentSection(cell: cell, units: $0, activation: activation) })
    else {
      // Every fault of the layer at once.
      _ = readCell(cell, &layer)
      return nil
    }
    let own = readCell(cell, &layer)
    (section.gates, section.output, section.resetAfter) = (own.gates, own.output, own.resetAfter)
    options.unitForgetBias = own.unitForgetBias
    section.options = options
    return section
  }

  /// The members that not every cell has.
  private static func readCell(
    _ cell: Cell, _ layer: inout LayerReading
  ) -> (gates: ActivationSection?, output: Output, resetAfter: Bool, unitForgetBias: Bool) {
    guard cell != .rnn else { return (nil, .tanh, true, true) }
    let gates = function("recurrent_activation", of: &layer, default: "sigmoid")
    guard cell == .lstm else {
      return (gates, .tanh, layer.reader.bool("reset_after") ?? true, true)
    }
    var output = Output.tanh
    if layer.reader.value("output_activation") == "shared" {
      output = .shared
    } else if let section = function("output_activation", of: &layer, default: "tanh") {
      output = .own(section)
    }
    return (gates, output, true, layer.reader.bool("unit_forget_bias") ?? true)
  }

  /// A function by its member; nil for the one that is built in.
  private static func function(
    _ member: String, of layer: inout LayerReading, default name: String
  ) -> ActivationSection? {
    guard let value = layer.reader.value(member), value != .string(name) else { return nil }
    return ActivationSection(
      value, at: layer.reader.pointer.appending(member), seed: layer.seed, faults: layer.reader.faults)
  }

  func write(to object: inout JSONObject) {
    object["units"] = .integer(units)
    object["activation"] = activation.resolved
    if cell != .rnn { object["recurrent_activation"] = gates?.resolved ?? "sigmoid" }
    if cell == .lstm {
      object["output_activation"] =
        switch output {
        case .tanh: "tanh"
        case .shared: "shared"
        case .own(let section): section.resolved
        }
      object["unit_forget_bias"] = .bool(options.unitForgetBias)
    }
    if cell == .gru { object["reset_after"] = .bool(resetAfter) }
    object["return_sequences"] = .bool(options.returnsSequences)
    object["bidirectional"] = .bool(options.merge != nil)
    if let merge = options.merge { object["merge_mode"] = .string(merge.rawValue) }
    object["use_bias"] = .bool(options.usesBias)
  }

  func assemble(_ assembler: inout LayerAssembler) {
    let candidate = assembler.use(activation)
    let gates = gates.map { assembler.use($0) }
    switch cell {
    case .rnn: assembler.append(.rnn(units: units, activation: candidate, options))
    case .gru:
      assembler.append(
        .gru(units: units, activation: candidate, gates: gates, resetAfter: resetAfter, options))
    case .lstm:
      let output: LayerSpecification.OutputActivation =
        switch output {
        case .tanh: .tanh
        case .shared: .shared
        case .own(let section): .own(assembler.use(section))
        }
      assembler.append(
        .lstm(units: units, activation: candidate, gates: gates, output: output, options))
    }
  }
}
