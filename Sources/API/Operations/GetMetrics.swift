// GET /metrics: everything that is counted and measured, for Prometheus.

import HTTP
import HTTPTypes
import Jobs
import Telemetry

extension Operation {
  static let getMetrics = Operation("getMetrics", .get, "/metrics", scope: .metrics) { call in
    let plain = MediaType("text", "plain", parameters: ["version": "0.0.4", "charset": "utf-8"])
    let open = MediaType(
      "application", "openmetrics-text", parameters: ["version": "1.0.0", "charset": "utf-8"])
    // Who names neither gets the older one, rather than nothing.
    let format: MetricsFormat =
      Accept(call.request.fields).preferred(of: [plain, open]) == open ? .openMetrics : .prometheus
    await call.jobs.refreshMetrics()
    let text = call.metrics.registry.text(format)
    return .content(
      text, type: format == .openMetrics ? MediaTypes.openMetrics : MediaTypes.prometheus,
      fields: [.vary: "Accept"],
      .never)
  }
}
