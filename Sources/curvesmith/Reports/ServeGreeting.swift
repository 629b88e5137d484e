// What a person who starts the service reads below its address: where things are, and what to do next.

/// The greeting of `serve`, for a terminal alone.
struct ServeGreeting {
  let text: String

  /// - Parameter needsKey: whether the service asks for one.
  init(url: String, settings: ServeSettings, needsKey: Bool) {
    let key = needsKey ? "-H \"Authorization: Bearer $CURVESMITH_API_KEY\" " : ""
    let trust = url.hasPrefix("https:") ? settings.tlsCertificates.first.map { "--cacert \($0) " } ?? "" : ""
    text = """
        jobs are kept in \(settings.dataDirectory); Ctrl-C stops the service, and queued jobs go on at its next start
        try: curl -s \(trust)\(key)\(url)/v1/jobs -F 'spec=<examples/iris.json;type=application/json' -F data=@examples/iris.csv
             curl -s \(trust)\(url)/

      """
  }
}
