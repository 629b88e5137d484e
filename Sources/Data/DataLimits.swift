// The most that the data of one job may hold.

/// The most that the data of one job may hold.
public struct DataLimits: Equatable, Sendable {
  /// Rows of a table, its header not among them.
  public var maximumRows = 10_000_000
  /// Columns of a table, and values of an encoded row.
  public var maximumColumns = 10_000
  /// Rows times encoded columns.
  public var maximumValues = 200_000_000
  /// Classes of a column.
  public var maximumCategories = 1000

  /// The defaults.
  public init() {}
}
