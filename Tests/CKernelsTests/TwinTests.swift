// Every comparison of the kernels with their scalar twins, for every instruction set that this processor has.

import CKernels
import CTwins
import Testing

@Suite struct TwinTests {
  static let names: [String] = {
    var names: [String] = []
    while let name = ct_twin_name(names.count) { names.append(String(cString: name)) }
    return names
  }()

  @Test(arguments: KernelSet.all, names)
  func `a set's kernels agree with their twins`(set: KernelSet, name: String) throws {
    let index = try #require(Self.names.firstIndex(of: name))
    let tables = set.tables
    let difference = withUnsafePointer(to: tables) { tables in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text -> String? in
        guard let message = text.baseAddress else { return "no memory" }
        return ct_twin_holds(index, tables, message, text.count) ? nil : String(cString: message)
      }
    }
    #expect(difference == nil)
  }
}
