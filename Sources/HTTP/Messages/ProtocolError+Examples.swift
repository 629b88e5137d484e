// Every violation of the protocol once, for those who document them.

extension ProtocolError {
  /// One of each case, with the limits that hold by default.
  public static let examples: [ProtocolError] = {
    let limits = ConnectionLimits()
    return [
      .httpsExpected, .bareLineFeed, .bareCarriageReturn, .controlCharacter, .tooManyEmptyLines,
      .incompleteHead,
      .malformedRequestLine, .invalidMethod, .methodTooLong(maximum: 32), .connectNotImplemented,
      .malformedVersion, .versionNotSupported, .requestLineTooLong(maximum: limits.requestLine),
      .invalidTarget, .asteriskWithoutOptions, .invalidPercentEncoding, .dotSegment,
      .missingHost, .invalidHost, .schemeNotServed, .whitespaceBeforeFields, .lineFolding, .missingColon,
      .whitespaceBeforeColon, .invalidFieldName, .duplicateField(name: "Host"),
      .fieldLineTooLong(maximum: limits.headerLine), .fieldSectionTooLarge(maximum: limits.headerSection),
      .tooManyFields(maximum: limits.headerCount),
      .lengthWithTransferEncoding, .transferEncodingInHTTP10, .chunkedNotLast, .chunkedTwice,
      .malformedTransferEncoding, .unknownTransferCoding, .invalidContentLength, .contentNotAllowed,
      .bodyTooLarge(maximum: limits.body), .incompleteBody, .invalidChunkSize, .chunkSizeOverflow,
      .invalidChunkExtension, .chunkExtensionsTooLong(maximum: limits.chunkExtensions),
      .chunkDataNotTerminated, .trailersTooLarge(maximum: limits.trailers),
      .expectationFailed, .headTimeout, .bodyTimeout, .bodyTooSlow,
    ]
  }()
}
