// Numbers that arrive row by row and leave as columns.

/// A matrix of doubles that is filled by rows and kept by columns.
///
/// Rows are collected in a tile that stays in the cache and then moved together: a single row would touch as many
/// lines, and pages, as there are columns.
final class NumberColumns {
  let width: Int
  private(set) var rowCount = 0
  private var columns: [[Double]]
  private let tileRows: Int
  /// The rows collected, row-major, and room for them column by column.
  private let tile: UnsafeMutablePointer<Double>
  private let turned: UnsafeMutablePointer<Double>
  private var pending = 0

  /// Values of a tile: its two forms fit a second-level cache.
  private static let tileValues = 8192

  /// - Parameter rows: how many to make room for; more may come.
  init(width: Int, rows: Int) {
    precondition(width > 0)
    self.width = width
    tileRows = max(8, min(256, Self.tileValues / width))
    tile = .allocate(capacity: width * tileRows)
    turned = .allocate(capacity: width * tileRows)
    columns = (0..<width).map { _ in
      var column: [Double] = []
      column.reserveCapacity(rows)
      return column
    }
  }

  deinit {
    tile.deallocate()
    turned.deallocate()
  }

  /// Where the next row goes: room for `width` numbers, all of which must be written before `endRow`.
  @inline(__always)
  var row: UnsafeMutablePointer<Double> { tile + pending * width }

  @inline(__always)
  func endRow() {
    rowCount += 1
    pending += 1
    if pending == tileRows { moveTile() }
  }

  /// The columns in order; nothing may be added afterwards.
  func finish() -> [[Double]] {
    moveTile()
    defer { columns = [] }
    return columns
  }

  private func moveTile() {
    let (width, pending) = (width, pending)
    // By eight rows, a cache line of each column.
    var first = 0
    while first + 8 <= pending {
      for column in 0..<width {
        let (from, to) = (tile + (first * width + column), turned + (column * pending + first))
        for row in 0..<8 { to[row] = from[row * width] }
      }
      first += 8
    }
    for row in first..<pending {
      for column in 0..<width { turned[column * pending + row] = tile[row * width + column] }
    }
    for column in 0..<width {
      columns[column].append(
        contentsOf: UnsafeBufferPointer(start: turned + column * pending, count: pending))
    }
    self.pending = 0
  }
}
