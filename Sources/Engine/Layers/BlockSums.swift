// Sums over the rows of a step, kept by blocks of rows so that they do not depend on who computes which rows.

/// Gradients of parameters that all rows share: each block of rows has sums of its own, and the blocks are added up in
/// their order.
final class BlockSums {
  /// The most blocks of a pass.
  private static let maximumBlocks = 32
  /// The most sums of all layers together, 64 MiB of them, but where one block has more already.
  private static let maximumSums = 1 << 24
  /// Numbers of the widest layer in a block: enough that what a block costs by itself does not matter.
  private static let blockNumbers = 4096

  /// How many sums a block has.
  let count: Int
  private let sums: FloatBuffer

  /// Memory for passes of at most `maximumRows` rows, in the blocks of ``blockRows(rows:widest:summed:)``.
  init(count: Int, maximumRows: Int) {
    self.count = count
    sums = FloatBuffer(count: count * min(Self.mostBlocks(count), (maximumRows + 7) / 8))
  }

  /// Rows of a block: a multiple of 8 that depends on the pass alone, never on the threads.
  ///
  /// - Parameter summed: how many sums a block has in all layers together.
  static func blockRows(rows: Int, widest: Int, summed: Int) -> Int {
    let most = mostBlocks(summed)
    let least = max(blockNumbers / max(1, widest), (rows + most - 1) / most, 1)
    return (least + 7) / 8 * 8
  }

  private static func mostBlocks(_ summed: Int) -> Int {
    min(maximumBlocks, max(1, maximumSums / max(1, summed)))
  }

  /// Calls `body` for each block of a call's rows, with where the block starts in the call, its rows, and its sums, which
  /// are zero.
  @inline(__always)
  func forEachBlock(
    _ pass: Pass, _ body: (_ start: Int, _ rows: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(
      (pass.first + pass.rows + pass.blockRows - 1) / pass.blockRows * count <= sums.count,
      "every block has its sums")
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
