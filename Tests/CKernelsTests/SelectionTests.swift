// Which instruction set is in use. The choice holds for the whole process, so that no test here changes it.

import CKernels
import Glibc
import Testing

@Suite struct SelectionTests {
  @Test
  func `the best set is in use, or the one that CURVESMITH_ISA names`() {
    let asked = getenv("CURVESMITH_ISA").map { String(cString: $0) }
    let names = KernelSet.all.map(\.name)
    let expected = asked == "baseline" ? names.last : asked ?? names.first
    #expect(String(cString: ck_instruction_set()) == expected)
  }

  @Test
  func `all tables in use are of one set`() {
    let current = ck_kernels_current().pointee
    #expect(ck_elementwise_current() == current.elementwise && ck_matrix_current() == current.matrix)
    #expect(ck_update_current() == current.update && ck_reduce_current() == current.reduce)
  }

  @Test(arguments: ["", "AVX2", "avx1024", "reference"])
  func `a set that the processor lacks is refused and changes nothing`(name: String) {
    let before = ck_kernels_current()
    #expect(!ck_select_instruction_set(name))
    #expect(ck_kernels_current() == before)
  }

  @Test
  func `names are distinct, and the last set is the one that every processor of the architecture has`() {
    let names = KernelSet.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.last == "sse2" || names.last == "neon")
  }
}
