"""Who trains what: a peer in this process, and all contestants as processes of their own."""
import importlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from performance.data import Data, mean_loss
from performance.workloads import WORKLOADS, kind

OWN = "Curvesmith"
# The package that pip knows, the module that must be there, and ours that trains with it.
PEERS = {
    "JAX": ("jax", "jax", "jax_peer"), "PyTorch": ("torch", "torch", "torch_peer"),
    "scikit-learn": ("scikit-learn", "sklearn", "sklearn_peer"),
}


def installed():
    return [peer for peer, (_, module, _) in PEERS.items() if importlib.util.find_spec(module)]


def versions():
    numbers = [f"{peer} {importlib.metadata.version(PEERS[peer][0])}" for peer in installed()]
    return f"{', '.join(numbers) or 'none installed'}; Python {platform.python_version()}"


def train(directory, peer, name, variant, threads):
    """Trains a workload with a peer in this process, and more epochs of it for every line that comes in."""
    spec, data = WORKLOADS[name], Data(directory, name)
    start = time.monotonic()
    module = importlib.import_module(f"performance.{PEERS[peer][2]}")
    epoch, outputs = module.peer(spec, variant, data, threads)

    def seconds():
        for number in range(spec["epochs"]):
            before = time.monotonic()
            epoch(data.order[number])
            yield time.monotonic() - before

    def tell(**result):
        print("RESULT", json.dumps(result), flush=True)

    timed = list(seconds())
    cold = time.monotonic() - start
    loss = mean_loss(spec["loss"], outputs(), data.y)
    tell(sec_per_epoch=statistics.median(timed[1:]), cold_total_s=cold, train_loss=loss)
    for _ in sys.stdin:
        # The first epoch finds caches that are another contestant's.
        tell(sec_per_epoch=statistics.median(list(seconds())[1:]))


def contestants(arguments, name, variant):
    """The command of each contestant, which are pairs of who and with how many threads."""
    found = {}
    for count in sorted({1, min(2, len(os.sched_getaffinity(0)))}):
        found[OWN, count] = [
            arguments.engine, "train", "--workloads", f"{arguments.directory}/workloads.json", "--data",
            f"{arguments.directory}/data", name, variant, str(count)]
        for peer in installed():
            if peer == "scikit-learn" and (variant != "relu" or kind(WORKLOADS[name]["network"]) != "dense"):
                continue
            found[peer, count] = [
                sys.executable, sys.argv[0], "peer", "--directory", arguments.directory, peer, name, variant, str(count)]
    return found


class Contestant:
    """A process that trains in its turn: a peer goes on in the same one, for to start it takes longer than to train."""

    def __init__(self, command, threads, goes_on):
        self.command, self.threads, self.goes_on = command, threads, goes_on
        self.process, self.first = None, {}

    def start(self):
        counts = {name: str(self.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        # JAX has no setting for its threads: it takes the processors that it may use.
        pinned = (lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:self.threads]))
        self.errors = tempfile.TemporaryFile("w+")
        return subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            env=dict(os.environ, **counts), preexec_fn=pinned)

    def turn(self):
        """One round's result; between its turns the process stands still."""
        start = time.monotonic()
        if self.process is None:
            self.process = self.start()
        else:
            self.process.send_signal(signal.SIGCONT)
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        line = next((line for line in self.process.stdout if line.startswith("RESULT ")), None)
        if line is None:
            self.errors.seek(0)
            sys.exit(f"benchmark: {' '.join(map(str, self.command))} failed:\n{self.errors.read()[-2000:]}")
        result = {"process_s": time.monotonic() - start} | self.first | json.loads(line[7:])
        if self.goes_on:
            self.first = self.first or result
            self.process.send_signal(signal.SIGSTOP)
        else:
            self.end()
        return result

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


def hold(arguments, name, variant):
    """The results of all rounds for each contestant; in a round all of them take turns."""
    found = {key: Contestant(command, threads=key[1], goes_on=key[0] != OWN)
             for key, command in contestants(arguments, name, variant).items()}
    results = {}
    try:
        for _ in range(arguments.rounds):
            for key, contestant in found.items():
                results.setdefault(key, []).append(contestant.turn())
                print(f"benchmark: {name} {variant} {key[0]} {key[1]}", file=sys.stderr, flush=True)
    finally:
        for contestant in found.values():
            contestant.end()
    return results
