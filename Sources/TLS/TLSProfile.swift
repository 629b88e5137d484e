// Which versions and cipher suites are spoken: Mozilla's recommendations.

import COpenSSL

/// A profile of Mozilla's guideline 6.0 for servers, whose lists are part of those of 5.7 and 5.8 too.
package enum TLSProfile: String, Sendable, CaseIterable {
  /// TLS 1.2 with forward secrecy and authenticated encryption alone, and TLS 1.3.
  case intermediate
  /// TLS 1.3 alone.
  case modern

  var leastVersion: Int32 {
    switch self {
    case .intermediate: TLS1_2_VERSION
    case .modern: TLS1_3_VERSION
    }
  }

  /// The suites of TLS 1.2. The client's preference decides, since it knows whether its processor has AES.
  static let suites = [
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
  ].joined(separator: ":")

  /// The suites of TLS 1.3.
  static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
}
