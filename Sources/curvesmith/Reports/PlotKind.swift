// How a report shows the learned functions.

import ArgumentParser

/// What is drawn of each learned function.
enum PlotKind: String, ExpressibleByArgument, CaseIterable {
  case curves, none
}
