// What an encoded row is to a model.

import Data
import Engine

extension InputEncoder {
  /// The shape that the job gives its rows; a vector where it gives none.
  var rowShape: RowShape { shape.flatMap { RowShape(dimensions: $0.dimensions) } ?? .features(width) }
}
