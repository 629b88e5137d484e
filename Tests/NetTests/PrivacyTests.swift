// Whether others may look into the process can be chosen, and is what the system says.

import Net
import Testing

@Suite struct PrivacyTests {
  @Test func `a process that is private is not dumped until it is allowed again`() {
    #expect(ProcessPrivacy.set(true) && ProcessPrivacy.isPrivate)
    #expect(ProcessPrivacy.set(false) && !ProcessPrivacy.isPrivate)
  }
}
