// Convolutions and poolings of golden files: the engine's layers, and the names of their tensors.

import Engine
import Foundation

extension SequenceGoldenFile.Layer {
  /// The layers that it stands for, where it is none of the recurrent ones: the activation is a layer of its own.
  var shaped: [LayerSpecification]? {
    let activation: [LayerSpecification] = self.activation == "none" ? [] : [.activation(0)]
    let padding: Padding = self.padding == "same" ? .same : .valid
    switch type {
    case "conv1d", "conv2d":
      return [
        .convolution(
          filters: filters ?? 0, kernel: windows(kernelSize, axes: type == "conv1d" ? 1 : 2),
          padding: padding, usesBias: useBias ?? true)
      ] + activation
    case "max_pool", "average_pool":
      let pool: LayerSpecification.Pool = type == "max_pool" ? .max : .average
      return [
        .pooling(pool, window: windows(poolSize, strides: strides ?? poolSize, axes: 1), padding: padding)
      ]
    case "global_average_pool": return [.globalPooling(.average)]
    case "flatten": return [.flatten]
    case "batch_norm": return [.batchNorm]
    case "activation": return activation
    case "dense": return [.dense(units: units ?? 0)] + activation
    default: return nil
    }
  }

  private func windows(
    _ sizes: SequenceGoldenFile.Sizes?, strides: SequenceGoldenFile.Sizes? = nil, axes: Int
  ) -> [Window] {
    let strides = strides ?? self.strides
    let sizes = sizes?.values ?? []
    return (0..<max(axes, sizes.count)).map { axis in
      func value(_ values: [Int]?) -> Int { values.map { $0.count == 1 ? $0[0] : $0[axis] } ?? 1 }
      return Window(
        size: value(sizes), stride: value(strides?.values), dilation: value(dilationRate?.values))
    }
  }
}

extension SequenceGoldenFile {
  /// The engine's name of a tensor: it counts an activation as a layer.
  func engineName(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    guard parts.count > 2, parts[0] == "layers", let index = Int(parts[1]) else { return name }
    let first = layers[..<index].reduce(0) { $0 + ($1.shaped?.count ?? 1) }
    let isBehind = parts[2] == "activation" && (layers[index].shaped?.count ?? 1) > 1
    return (["layers", String(isBehind ? first + 1 : first)] + parts[2...]).joined(separator: ".")
  }

  /// Where a tensor's numbers lie in the flat vectors; the parameters of an inner network have a tensor each.
  func places(of name: String, in model: Model) -> [Int]? {
    let name = engineName(name)
    if let block = model.block(name) { return Array(block.range) }
    let numbered = (1...64).compactMap { model.block("\(name)_\($0)") }
    return numbered.isEmpty ? nil : numbered.flatMap { Array($0.range) }
  }

  /// Whether all that is predicted can be held against the file's raw outputs: of a random choice the file has what one
  /// candidate gives, and behind the end of a row nothing is predicted.
  var hasWholeOutputs: Bool {
    loss == .meanSquaredError || (choiceByStep == nil && layers[0].type.hasPrefix("conv"))
  }

  /// What the model predicts where the raw outputs are as the file has them.
  var linkedOutputs: [Float] {
    let raw = finalOutputs.flat
    switch loss {
    case .meanSquaredError: return raw
    case .binaryCrossEntropy: return raw.map { 1 / (1 + exp(-$0)) }
    case .softmaxCrossEntropy:
      return stride(from: 0, to: raw.count, by: outputs).flatMap { start -> [Float] in
        let terms = raw[start..<start + outputs].map { exp($0) }
        return terms.map { $0 / terms.reduce(0, +) }
      }
    }
  }
}
