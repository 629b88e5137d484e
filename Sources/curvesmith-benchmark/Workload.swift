// A workload as the file of workloads describes it, with its data.

import Engine
import JSON

/// One network on one data set, the same for every contestant.
struct Workload {
  struct Rows {
    var inputs: [Float]
    var targets: [Float]
    var count: Int
  }

  let network: Network
  let loss: Loss
  let learningRate: Double
  let batchSize: Int
  /// Epochs of the job, and how many are timed at least.
  let epochs: Int
  let timedEpochs: Int
  let training: Rows
  let held: Rows
  /// Initial numbers of the network's tensors, in their order.
  let initial: [[Float]]
  /// The order of the rows in every epoch.
  let order: [Int32]
  /// For `random_choice`, the candidate of each hidden layer in every iteration.
  let choices: [Int]
  /// The parameters of the activations by name.
  let activations: JSONValue

  /// - Parameters:
  ///   - file: the JSON file of workloads.
  ///   - directory: where the arrays of all workloads lie.
  ///   - cell: of a recurrent network.
  init(_ name: String, file: String, directory: String, cell: Variant.Cell?) throws {
    let document = try JSONParser.parse(try readFile(file))
    guard let workload = document["workloads"]?[name] else {
      throw BenchmarkError("\(file) has no workload \(name)")
    }
    func number(_ value: JSONValue?, _ what: String) throws -> Double {
      guard let number = value?.doubleValue else { throw BenchmarkError("\(name) lacks \(what)") }
      return number
    }
    guard workload["optimiser"]?["name"]?.stringValue == "adam" else {
      throw BenchmarkError("\(name) is not trained with adam")
    }
    activations = document["activations"] ?? .null
    network = try Network(workload["network"], of: name, cell: cell)
    learningRate = try number(workload["optimiser"]?["lr"], "a learning rate")
    batchSize = Int(try number(workload["batch"], "a batch size"))
    epochs = Int(try number(workload["epochs"], "epochs"))
    timedEpochs = Int(try number(workload["timing_epochs"], "timing_epochs"))
    switch workload["loss"]?.stringValue {
    case "softmax_ce": loss = .softmaxCrossEntropy
    case "bce": loss = .binaryCrossEntropy
    case "mse": loss = .meanSquaredError
    default: throw BenchmarkError("\(name) has an unknown loss")
    }
    let folder = "\(directory)/\(name)"
    func rows(_ part: String) throws -> Rows {
      let inputs = try NumpyArray("\(folder)/X_\(part).npy")
      return Rows(
        inputs: try inputs.elements(as: Float.self),
        targets: try NumpyArray("\(folder)/y_\(part).npy").elements(as: Float.self), count: inputs.shape[0])
    }
    training = try rows("train")
    held = try rows("test")
    initial = try network.initial.map {
      try NumpyArray("\(folder)/init_\($0.array).npy").elements(as: Float.self)
    }
    order =
      fileExists("\(folder)/order.npy")
      ? try NumpyArray("\(folder)/order.npy").elements(as: Double.self).map { Int32($0) }
      : (0..<Int32(training.count)).map { $0 }
    choices =
      fileExists("\(folder)/choice.npy")
      ? try NumpyArray("\(folder)/choice.npy").elements(as: Double.self).map { Int($0) } : []
  }
}
