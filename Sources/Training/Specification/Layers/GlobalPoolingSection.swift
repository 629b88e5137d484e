// `global_max_pool` and `global_average_pool`: the largest or the mean of each channel over all positions.

import Engine

struct GlobalPoolingSection: LayerSection {
  var pool: LayerSpecification.Pool

  var type: String { "global_\(pool.rawValue)" }

  static let types = LayerSpecification.Pool.allCases.map { pool in
    let section = GlobalPoolingSection(pool: pool)
    return LayerType(section.type) { _ in section }
  }

  func assemble(_ assembler: inout LayerAssembler) { assembler.append(.globalPooling(pool)) }
}
