// Whoever logs imports Telemetry: this target is the only one that names swift-log.

@_exported public import Logging
