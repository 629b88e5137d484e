// Why a layer cannot read rows of some shape.

/// What is wrong, without a place in a document: whoever has the document says which layer it is and what gave the rows.
package struct ShapeFault: Error, Hashable {
  /// What is the matter.
  package enum Reason: Sendable, Hashable {
    /// Rows of another kind are needed: `[steps, features]`, `a sequence`.
    case needs(String)
    /// A residual layer would add rows of one shape to rows of another.
    case sum(of: RowShape, and: RowShape)
    /// A whole sentence.
    case sentence(String)
  }

  /// The option that does not fit; nil where it is the layer itself.
  package var member: String?
  /// What is the matter.
  package var reason: Reason

  /// A fault by its parts, each as its property says.
  package init(_ reason: Reason, member: String? = nil) {
    self.reason = reason
    self.member = member
  }
}

extension RowShape {
  /// Throws for a vector, which has no positions to go over.
  func requirePositions() throws(ShapeFault) {
    if case .features = self {
      throw ShapeFault(.needs("[steps, channels] or [height, width, channels]"))
    }
  }
}
