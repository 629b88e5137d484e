// Sums over the rows of a step, kept by blocks of rows so that they do not depend on who computes which rows.

/// Gradients of parameters that all rows share: each block of rows has sums of its own, and the blocks are added up in
/// their order.
final class BlockSums {
  /// The most blocks of a pass.
  static let maximumBlocks = 32
  /// Numbers of the widest layer in a block: enough that what a block costs by itself does not matter.
  private static let blockNumbers = 4096

  /// How many sums there are.
  let count: Int
  private let sums: FloatBuffer

  init(count: Int) {
    self.count = count
    sums = FloatBuffer(count: count * Self.maximumBlocks)
  }

  /// Rows of a block: a multiple of 8 that depends on the pass alone, never on the threads.
  static func blockRows(rows: Int, widest: Int) -> Int {
    let least = max(blockNumbers / max(1, widest), (rows + maximumBlocks - 1) / maximumBlocks, 1)
    return (least + 7) / 8 * 8
  }

  /// Calls `body` for each block of a call's rows, with where the block starts in the call, its rows, and its sums, which
  /// are zero.
  @inline(__always)
  func forEachBlock(
    _ pass: Pass, _ body: (_ start: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) {
    var start = 0
    while start < pass.rows {
      let block = sums.base + (pass.first + start) / pass.blockRows * count
      block.update(repeating: 0, count: count)
      body(start, min(pass.blockRows, pass.rows - start), block)
      start += pass.blockRows
    }
  }

  /// Adds a range of the sums over all blocks of a pass to `totals`, which has all of them.
  func add(_ range: Range<Int>, of pass: Pass, to totals: UnsafeMutablePointer<Float>) {
    for block in 0..<(pass.rows + pass.blockRows - 1) / pass.blockRows {
      let sums = sums.base + block * count
      for index in range { totals[index] += sums[index] }
    }
  }
}
