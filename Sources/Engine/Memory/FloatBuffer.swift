// A fixed block of single-precision numbers, aligned for vector instructions and freed with its owner.

/// Memory that is allocated once, when a model is planned, and zero at first.
package final class FloatBuffer {
  package let base: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
    base = bytes.bindMemory(to: Float.self, capacity: max(1, count))
    base.update(repeating: 0, count: count)
  }

  deinit { base.deallocate() }

  package var all: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: base, count: count) }
}
