// GET /v1/jobs/{id}/activations.svg: the learned curves drawn, before and after training.

import Export
import HTTP
import HTTPTypes
import Jobs
import Training

extension Operation {
  static let getJobActivationsPlot = Operation(
    "getJobActivationsPlot", .get, "/v1/jobs/{id}/activations.svg", query: ["from", "to"],
    atOnce: { try $0.keptOfModel() },
    answer: { call in
      let range = try call.curveSampling()
      let sampling = CurveSampling(from: range.from, to: range.to, points: 241)
      let (model, state) = try await call.trainedModel()
      let tag = call.entityTag(of: model, state)
      return try await call.rendered(tag) {
        let job = try await call.job()
        let title = job.name ?? job.id.description
        let subtitle = "\(state.status.rawValue), epoch \(model.epoch), strategy \(model.strategyName)"
        return try await call.jobs.compute {
          // A margin on both sides shows how each curve goes on where nothing was seen.
          let layers = model.learnedActivations(sampling, margin: 0.15)
          let plot = ActivationPlot(
            title: title, subtitle: subtitle, panels: layers.map(ActivationPlot.Panel.init))
          // The drawing styles itself and loads nothing.
          return .text(
            plot.svg(), type: MediaTypes.svg,
            fields: [.contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'"])
        }
      }
    })
}

extension ActivationPlot.Panel {
  /// One layer, with its few parameters and what its curve resembles as caption.
  init(_ layer: LearnedActivation) {
    var caption: [String] = []
    let changes = layer.parameters.map { NumberText.change($0.name, from: $0.initial, to: $0.trained) }
    if !changes.isEmpty { caption.append(changes.joined(separator: ", ")) }
    if let resemblance = layer.resemblance { caption.append(resemblance.filter { $0 != "`" }) }
    self.init(
      title: layer.name, formula: layer.formula, caption: caption, x: layer.x, initial: layer.initial,
      trained: layer.trained, derivative: layer.meanDerivative, jumps: [],
      inputs: ActivationPlot.Histogram(
        edges: layer.inputEdges, counts: layer.inputCounts.map { Double($0) }),
      notes: layer.notes.map { $0.filter { $0 != "`" } })
  }
}
