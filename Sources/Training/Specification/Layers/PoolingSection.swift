// `max_pool` and `average_pool`: the largest or the mean of every window.

import Engine
import JSON

struct PoolingSection: LayerSection {
  var pool: LayerSpecification.Pool
  /// One for every axis of what the layer reads, or one for each.
  var window: [Window]
  var padding: Padding

  var type: String { pool.rawValue }

  static let types = LayerSpecification.Pool.allCases.map { pool in
    LayerType(pool.rawValue) { read(pool, &$0) }
  }

  private static func read(
    _ pool: LayerSpecification.Pool, _ layer: inout LayerReading
  ) -> (any LayerSection)? {
    let size = layer.sizes("pool_size", axes: 2, required: true)
    let strides = layer.sizes("strides", axes: 2) ?? size
    let padding = layer.reader.choice("padding", of: Padding.self) ?? .valid
    guard let size, let strides else { return nil }
    let window = (0..<max(size.count, strides.count)).map {
      Window(size: size.ofAxis($0), stride: strides.ofAxis($0))
    }
    return PoolingSection(pool: pool, window: window, padding: padding)
  }

  func write(to object: inout JSONObject) {
    object["pool_size"] = .sizes(window.map(\.size))
    object["strides"] = .sizes(window.map(\.stride))
    object["padding"] = .string(padding.rawValue)
  }

  func assemble(_ assembler: inout LayerAssembler) {
    assembler.append(.pooling(pool, window: window, padding: padding))
  }
}
