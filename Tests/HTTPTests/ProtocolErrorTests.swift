// The table of violations: statuses, codes and sentences.

import HTTP
import HTTPTypes
import Testing

@Suite struct ProtocolErrorTests {
  /// Violations that a small message can have in itself.
  static let ofContent: [Int: [ProtocolError]] = [
    400: [
      .bareLineFeed, .bareCarriageReturn, .controlCharacter, .tooManyEmptyLines, .malformedRequestLine,
      .invalidMethod, .malformedVersion, .invalidTarget, .asteriskWithoutOptions, .invalidPercentEncoding,
      .dotSegment, .missingHost, .invalidHost, .whitespaceBeforeFields, .lineFolding,
      .missingColon, .whitespaceBeforeColon, .invalidFieldName, .duplicateField(name: "Host"),
      .lengthWithTransferEncoding, .transferEncodingInHTTP10, .chunkedNotLast, .chunkedTwice,
      .malformedTransferEncoding, .invalidContentLength, .contentNotAllowed, .invalidChunkSize,
      .chunkSizeOverflow, .invalidChunkExtension, .chunkDataNotTerminated,
    ],
    413: [.bodyTooLarge(maximum: 1)],
    417: [.expectationFailed],
    421: [.schemeNotServed],
    501: [.methodTooLong(maximum: 1), .connectNotImplemented, .unknownTransferCoding],
    505: [.versionNotSupported],
  ]

  /// Violations of limits, of time, and by the connection's end.
  static let ofCircumstance: [Int: [ProtocolError]] = [
    400: [.incompleteHead, .httpsExpected, .incompleteBody, .chunkExtensionsTooLong(maximum: 1)],
    408: [.headTimeout, .bodyTimeout, .bodyTooSlow],
    414: [.requestLineTooLong(maximum: 1)],
    431: [
      .fieldLineTooLong(maximum: 1), .fieldSectionTooLarge(maximum: 1), .tooManyFields(maximum: 1),
      .trailersTooLarge(maximum: 1),
    ],
  ]

  private static var all: [ProtocolError] { [ofContent, ofCircumstance].flatMap { $0.values.joined() } }

  @Test func `each violation has the status that RFC 9110 §15 or RFC 6585 gives it`() {
    for table in [Self.ofContent, Self.ofCircumstance] {
      for (status, errors) in table {
        for error in errors { #expect(error.status.code == status, "\(error)") }
      }
    }
  }

  @Test func `the examples are one of each`() {
    #expect(ProtocolError.examples.map(\.code).sorted() == Self.all.map(\.code).sorted())
  }

  @Test func `codes are unique and in snake_case`() {
    #expect(Set(Self.all.map(\.code)).count == Self.all.count)
    for error in Self.all {
      #expect(error.code.wholeMatch(of: /[a-z]+(_[a-z0-9]+)*/) != nil, "\(error.code)")
    }
  }

  @Test func `details are sentences, and name the limit that was passed`() {
    for error in Self.all {
      #expect(error.detail.first?.isUppercase == true && error.detail.last == ".", "\(error)")
    }
    #expect(ProtocolError.bodyTooLarge(maximum: 4711).detail.contains("4711"))
    #expect(ProtocolError.duplicateField(name: "X-Y").detail.contains("X-Y"))
  }

  @Test func `the fixtures reach exactly the violations that a message can have in itself`() {
    let reached = Set(invalidFixtures.compactMap { $0.log.last.map { String($0.dropFirst("error ".count)) } })
    #expect(reached == Set(Self.ofContent.values.joined().map(\.code)))
  }
}
