// Something legal that the client probably did not mean, as every part of a job's answer carries it.

public import JSON

/// Something legal that the client probably did not mean.
public struct Warning: Equatable, Sendable {
  /// A stable word for programs, such as `constant_feature`.
  public var code: String
  /// One sentence fragment for people.
  public var message: String
  /// The member of the specification that it is about, where there is one.
  public var pointer: JSONPointer?

  /// - Parameters:
  ///   - code: in snake case; documented, and never given another meaning.
  ///   - message: one sentence fragment that names the column, the row or the number it is about.
  ///   - pointer: the member of the specification that it is about.
  public init(code: String, message: String, pointer: JSONPointer? = nil) {
    self.code = code
    self.message = message
    self.pointer = pointer
  }
}
