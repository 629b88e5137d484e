// A text that must not be seen: it cannot be printed by accident, and its bytes do not outlive it.

import Glibc

/// A secret text. Its description and its reflection are redacted; its bytes are erased with its last owner.
///
/// Copies that others have made of the text, as Swift's strings do, are not erased.
package final class Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
  // Written by the initialiser and the deinitialiser alone, when nobody else has this object.
  private nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

  /// Keeps a copy of the text.
  package init(_ text: String) {
    let utf8 = Array(text.utf8)
    bytes = .allocate(byteCount: utf8.count, alignment: 1)
    bytes.copyBytes(from: utf8)
  }

  deinit {
    if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    bytes.deallocate()
  }

  /// The text itself, for the one place that shows it or compares it.
  package var exposed: String { String(decoding: bytes, as: UTF8.self) }

  /// What everybody else sees.
  package var description: String { "‹redacted›" }
  /// What everybody else sees.
  package var debugDescription: String { description }
  /// Nothing: a dump of what holds the secret must not show it.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
