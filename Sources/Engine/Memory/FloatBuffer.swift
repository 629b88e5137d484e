// A fixed block of single-precision numbers, aligned for vector instructions and freed with its owner.

/// Memory that is allocated once, when a model is planned, and zero at first.
package final class FloatBuffer {
  /// The first number; aligned to 64 bytes.
  package let base: UnsafeMutablePointer<Float>
  /// How many numbers there are; 0 is allowed.
  package let count: Int

  /// Allocates room for so many numbers and sets them to 0.
  package init(count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
    base = bytes.bindMemory(to: Float.self, capacity: max(1, count))
    base.update(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  /// All of them.
  package var all: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: base, count: count) }
}
