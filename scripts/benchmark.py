#!/usr/bin/env python3
"""Trains the same networks with Curvesmith and its peers, turn by turn, and writes what it took as Markdown.

Called by scripts/benchmark. Every contestant is a process of its own that gets the same rows in the same order and the same
initial weights (scikit-learn draws its own), so that equal losses show that the same work was done.
"""
import argparse
import signal
import sys

from performance import report
from performance.contest import PEERS, train
from performance.workloads import WORKLOADS


def names(text):
    chosen = text.split(",")
    unknown = [name for name in chosen if name not in WORKLOADS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return chosen


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("report", help="run everything and write the page")
    one.add_argument("--engine", required=True)
    one.add_argument("--directory", required=True)
    one.add_argument("--service", help="needed unless --only is given")
    one.add_argument("--output", required=True)
    one.add_argument("--blas", help="a library with cblas_sgemm, whose products are measured too")
    one.add_argument("--rounds", type=int, default=3)
    some = one.add_mutually_exclusive_group()
    some.add_argument("--quick", action="store_true", help="the two small workloads of dense layers alone")
    some.add_argument("--only", type=names, metavar="NAME,…", help="replace the page's sections of these workloads")
    one.set_defaults(run=report.write)
    two = commands.add_parser("peer", help="train one workload with one peer")
    two.add_argument("--directory", required=True)
    two.add_argument("peer", choices=PEERS)
    two.add_argument("workload", choices=WORKLOADS)
    two.add_argument("variant")
    two.add_argument("threads", type=int)
    two.set_defaults(run=lambda a: train(a.directory, a.peer, a.workload, a.variant, a.threads))
    arguments = parser.parse_args()
    # So that contestants that stand still are ended with this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    arguments.run(arguments)
