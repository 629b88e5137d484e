// Who shares one set of an activation's parameters, or one random draw.

/// Who shares one parameter set: all layers that name the activation, each layer, or each unit of a layer.
public enum Granularity: String, CaseIterable, Sendable {
  case network
  case layer
  case unit
}
