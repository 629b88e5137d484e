"""Measures, and writes the page."""
import http.client
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

from performance import contest, data, page
from performance.contest import OWN
from performance.workloads import WORKLOADS, describe, floating_point_operations


def section(arguments, name, peak, processes, measured=None):
    """A workload's heading and section; `measured` says where and when, if not as the page's head does."""
    spec = WORKLOADS[name]
    heading = f"`{name}`: {spec['rows']} rows, {describe(spec['network'])}, batch {spec['batch']}, {spec['loss']}"
    rows = [
        "| activation | contestant | threads | ms/epoch | of the best peer | of the floor | cold s | final loss |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for variant in spec["variants"]:
        results = contest.hold(arguments, name, variant)
        median = lambda key, what: statistics.median(r[what] for r in results[key])
        times = {key: median(key, "sec_per_epoch") for key in results}
        for who, threads in results:
            key = (name, variant, who)
            processes[key] = min(processes.get(key, math.inf), median((who, threads), "process_s"))
        best = min((seconds for (who, _), seconds in times.items() if who != OWN), default=None)
        for who, threads in sorted(times, key=times.get):
            key = (who, threads)
            floor = floating_point_operations(spec, variant) / (peak * 1e9 * threads)
            rows.append(
                f"| {variant} | {who} | {threads} | {times[key] * 1e3:.3f} | "
                + (f"{times[key] / best:.2f}×" if best else "–")
                + f" | {floor / times[key]:.0%} | {median(key, 'cold_total_s'):.2f} | {results[key][0]['train_loss']:.5f} |")
    table = "\n".join(rows)
    lines = [f"## {heading}", "", *([measured(results), ""] if measured else []), table, ""]
    costs = {}
    for variant, base, cost in page.costs(name, table):
        costs.setdefault(base, []).append(f"{variant} {cost:.2f}×")
    lines += [f"Curvesmith's epochs, as multiples of its own with {base}: {', '.join(parts)}." for base, parts in costs.items()]
    return heading, "\n".join(lines) + "\n"


def whole_job(arguments, processes):
    """POST to result of a small job, beside the processes of the peers that train as much."""
    with tempfile.TemporaryDirectory() as store:
        service = subprocess.Popen(
            [arguments.service, "serve", "--port", "0", "--data-dir", store, "--log-level", "error"],
            stdout=subprocess.PIPE, text=True)
        try:
            address = service.stdout.readline().rsplit("//", 1)[1].strip()
            lines = pathlib.Path("examples/breast-cancer.csv").read_text()
            job = json.loads(pathlib.Path("examples/breast-cancer.json").read_text())
            job["data"]["csv"] = lines
            connection = http.client.HTTPConnection(address)
            seconds = []
            for seed in range(4 * arguments.rounds):
                job["seed"] = seed
                body = json.dumps(job)
                start = time.monotonic()
                connection.request("POST", "/v1/jobs", body, {"Content-Type": "application/json", "Prefer": "wait=30"})
                answer = json.loads(connection.getresponse().read())
                seconds.append(time.monotonic() - start)
                if answer.get("status") != "succeeded":
                    sys.exit(f"benchmark: a job did not succeed: {answer}")
        finally:
            service.terminate()
            service.wait()
    own = statistics.median(seconds)
    rows = [
        "## A whole small job", "",
        "`examples/breast-cancer.json` with its CSV (569 rows, 30-16-16-1, parametric sigmoid, 100 epochs) by HTTP, from POST "
        "to the result in the answer, and the whole processes of the peers that train `small`, a network of the same size on "
        "as many rows for as many epochs, once.", "",
        "| contestant | ms | of the fastest peer |", "|---|---|---|"]
    peers = {who: s for (name, variant, who), s in processes.items()
             if name == "small" and variant == "parametric_sigmoid" and who != OWN}
    best = min(peers.values(), default=None)
    for who, s in [(f"{OWN}, the service", own)] + sorted(peers.items(), key=lambda item: item[1]):
        rows.append(f"| {who} | {s * 1e3:.0f} | " + (f"{s / best:.3f}× |" if best else "– |"))
    return "\n".join(rows)


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{name}, {len(os.sched_getaffinity(0))} processors, {platform.system()} {platform.release()}"


def rounds(arguments):
    return f"{arguments.rounds} round{'s' * (arguments.rounds > 1)}"


def write(arguments):
    output = pathlib.Path(arguments.output)
    output.parent.mkdir(exist_ok=True)
    old = output.read_text() if output.exists() else ""
    if arguments.only and not old:
        sys.exit(f"benchmark: --only replaces sections of {output}, which is not there")
    names = ["digits", "small"] if arguments.quick else arguments.only or list(WORKLOADS)
    data.make(pathlib.Path(arguments.directory), names)
    tool = lambda *words: subprocess.run([arguments.engine, *words], capture_output=True, text=True, check=True).stdout
    products = tool("products", *(["--blas", arguments.blas] if arguments.blas else []))
    peak = float(products.splitlines()[1].split()[-1])
    processes = {}
    if arguments.only:
        def measured(results):
            kind = next(r["version"] for (who, _), (r, *_) in results.items() if who == OWN)
            return (f"Measured apart from the rest, in {rounds(arguments)}, each peer in one process for all: "
                    f"{machine()}, {kind}, {peak:.0f} GFLOP/s; "
                    f"{time.strftime('%Y-%m-%d')}; {contest.versions()}.")
        top, sections, http = page.split(old)
        new = dict(section(arguments, name, peak, processes, measured) for name in names)
        output.write_text(page.join(top, page.put(sections, new), http))
    else:
        new = dict(section(arguments, name, peak, processes) for name in names)
        others = {"A whole small job": whole_job(arguments, processes), **kernels(tool, products)}
        # What another script has measured stays.
        output.write_text(page.join(head(arguments, peak), page.put(others, new), page.split(old)[2]))
    print(f"benchmark: wrote {output}")


def head(arguments, peak):
    return "\n".join([
        "# Performance", "",
        "Written by `scripts/benchmark`; the numbers of each section are those of one run on one machine. "
        f"Medians of {rounds(arguments)} in which all contestants take turns; every contestant is a process of its own, "
        "that of a peer the same in all rounds.", "",
        f"- Machine: {machine()}",
        f"- Date: {time.strftime('%Y-%m-%d')}",
        f"- Peers: {contest.versions()}",
        f"- One core's peak of matrix products: {peak:.0f} GFLOP/s. *Of the floor* is the time that the products of an epoch "
        "take at that rate on all threads used, as a share of the epoch.",
        "- All train by Adam on the same rows in the same order from the same weights; scikit-learn draws its own weights and "
        "order. *Cold* is from data in memory to a trained model; a peer's module is loaded and compiled in that time."])


def kernels(tool, products):
    return {
        "Data": "## Data\n\nFrom the bytes that a client sends to a data set, on one core (`curvesmith-benchmark decode`)."
                f"\n\n```\n{tool('decode').rstrip()}\n```",
        "Matrix products": f"## Matrix products\n\n```\n{products.rstrip()}\n```",
        "Element-wise functions": f"## Element-wise functions\n\n```\n{tool('elements').rstrip()}\n```"}
