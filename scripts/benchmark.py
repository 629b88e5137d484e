#!/usr/bin/env python3
"""Trains the same networks with Curvesmith and its peers, turn by turn, and writes what it took as Markdown.

Called by scripts/benchmark. Every contestant is a process of its own that gets the same rows in the same order and the same
initial weights (scikit-learn draws its own), so that equal losses show that the same work was done.
"""
import argparse
import http.client
import importlib.metadata
import importlib.util
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

import numpy as np

PARAMETERS = {
    "parametric_sigmoid": {"params": {"a": 1.0, "b": 0.0}, "sharing": "layer"},
    "parametric_tanh": {"params": {"a": 1.0, "b": 0.0}, "sharing": "unit"},
    "network": {
        "params": {
            "w": [0.5, -0.75, 1.0, 1.25, -1.5, 0.8, -0.6, 1.1], "c": [0.0, 0.25, -0.25, 0.5, -0.5, 0.1, -0.1, 0.0],
            "v": [0.4, -0.3, 0.35, 0.2, -0.15, 0.3, -0.25, 0.3], "d": 0.0,
        },
        "sharing": "layer",
    },
    "expression": {"params": {"beta": 1.0, "alpha": 0.1, "gamma": 1.0}, "sharing": "layer"},
}
ALL = ["relu", "parametric_sigmoid", "parametric_tanh", "network", "expression"]


def workload(rows, layers, loss, batch, epochs, variants, timed=None):
    return {
        "rows": rows, "network": {"layers": layers}, "loss": loss, "optimiser": {"name": "adam", "lr": 0.001},
        "batch": batch, "epochs": epochs, "timing_epochs": timed or epochs, "variants": variants,
    }


# The shapes of the digits and of a large table, of a small medical table, and of a wide regression.
WORKLOADS = {
    "digits": workload(1437, [64, 128, 64, 10], "softmax_ce", 64, 30, ALL),
    "table": workload(80000, [32, 256, 256, 10], "softmax_ce", 256, 3, [
        "relu", "swish", "parametric_sigmoid", "parametric_tanh", "expression"]),
    "small": workload(455, [30, 16, 16, 1], "bce", 32, 100, ["relu", "parametric_sigmoid", "parametric_tanh"]),
    "wide": workload(8192, [128, 512, 512, 1], "mse", 128, 4, ["relu", "swish", "parametric_sigmoid"]),
}


# ---- data ----


def make_data(directory):
    for number, (name, spec) in enumerate(WORKLOADS.items()):
        folder = directory / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng([2024, number])
        layers, rows = spec["network"]["layers"], spec["rows"]
        total = rows + rows // 4
        x = random.standard_normal((total, layers[0])).astype(np.float32)
        # Targets of a random network with one hidden layer: learnable, and not linear.
        hidden = np.tanh(x @ random.standard_normal((layers[0], 24)) / math.sqrt(layers[0]) * 2)
        score = hidden @ random.standard_normal((24, layers[-1])) / 2 + 0.3 * random.standard_normal((total, layers[-1]))
        y = {"softmax_ce": lambda: score.argmax(1).astype(np.int32), "bce": lambda: (score[:, 0] > 0).astype(np.float32),
             "mse": lambda: score[:, 0].astype(np.float32)}[spec["loss"]]()
        for part, chosen in (("train", slice(0, rows)), ("test", slice(rows, total))):
            np.save(folder / f"X_{part}.npy", x[chosen])
            np.save(folder / f"y_{part}.npy", y[chosen])
        for index, (fan_in, fan_out) in enumerate(zip(layers, layers[1:])):
            limit = math.sqrt(6 / (fan_in + fan_out))
            np.save(folder / f"init_W{index}.npy", random.uniform(-limit, limit, (fan_in, fan_out)).astype(np.float32))
            np.save(folder / f"init_b{index}.npy", np.zeros(fan_out, np.float32))
        np.save(folder / "order.npy", np.stack([random.permutation(rows) for _ in range(spec["epochs"])]).astype(np.int32))
    document = {"activations": PARAMETERS, "workloads": WORKLOADS}
    (directory / "workloads.json").write_text(json.dumps(document, indent=1))


class Data:
    def __init__(self, directory, name):
        folder = pathlib.Path(directory) / "data" / name
        self.x, self.y, self.order = (np.load(folder / f"{part}.npy") for part in ("X_train", "y_train", "order"))
        layers = WORKLOADS[name]["network"]["layers"]
        self.weights = [(np.load(folder / f"init_W{i}.npy"), np.load(folder / f"init_b{i}.npy")) for i in range(len(layers) - 1)]


def mean_loss(kind, z, y):
    z = np.asarray(z, np.float64)
    if kind == "softmax_ce":
        peak = z.max(1, keepdims=True)
        return float(np.mean(peak[:, 0] + np.log(np.exp(z - peak).sum(1)) - z[np.arange(len(y)), y]))
    if kind == "bce":
        return float(np.mean(np.logaddexp(0, z[:, 0]) - y * z[:, 0]))
    return float(np.mean((z[:, 0] - y) ** 2))


def initial(variant, units):
    """The activation's parameters for a layer of so many units, as arrays."""
    entry = PARAMETERS.get(variant, {"params": {}, "sharing": "layer"})
    shape = (units,) if entry["sharing"] == "unit" else ()
    return {k: np.asarray(v, np.float32) if isinstance(v, list) else np.full(shape, v, np.float32) for k, v in entry["params"].items()}


# ---- peers: each returns (train one epoch, raw outputs) ----


def jax_peer(spec, variant, data, threads):
    import jax
    import jax.numpy as jnp

    def activate(p, x):
        match variant:
            case "relu": return jnp.maximum(x, 0)
            case "swish": return x * jax.nn.sigmoid(x)
            case "parametric_sigmoid": return jax.nn.sigmoid(p["a"] * x + p["b"])
            case "parametric_tanh": return jnp.tanh((p["a"] * x + p["b"]) / 2)
            case "network": return p["d"] + sum(p["v"][j] * jnp.tanh(p["w"][j] * x + p["c"][j]) for j in range(8))
            case "expression": return x * jax.nn.sigmoid(p["beta"] * x) + p["alpha"] * jnp.sin(p["gamma"] * x)

    def forward(parameters, x):
        for (w, b), p in zip(parameters["dense"][:-1], parameters["shape"]):
            x = activate(p, x @ w + b)
        w, b = parameters["dense"][-1]
        return x @ w + b

    def loss(parameters, x, y, mask):
        z = forward(parameters, x)
        if spec["loss"] == "softmax_ce":
            each = jax.nn.logsumexp(z, -1) - jnp.take_along_axis(z, y[:, None], 1)[:, 0]
        elif spec["loss"] == "bce":
            each = jnp.logaddexp(0.0, z[:, 0]) - y * z[:, 0]
        else:
            each = (z[:, 0] - y) ** 2
        return each @ mask / mask.sum()

    rate, batch, rows = spec["optimiser"]["lr"], spec["batch"], len(data.x)
    batches = -(-rows // batch)
    mask = np.ones(batches * batch, np.float32)
    mask[rows:] = 0
    x, y, mask = jnp.asarray(data.x), jnp.asarray(data.y), jnp.asarray(mask.reshape(batches, batch))

    def step(state, given):
        (p, m, v, t), (index, weights) = state, given
        g = jax.grad(loss)(p, x[index], y[index], weights)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        p = jax.tree.map(lambda p, m, v: p - rate * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), p, m, v)
        return (p, m, v, t), None

    epoch = jax.jit(lambda state, order: jax.lax.scan(step, state, (order, mask))[0], donate_argnums=0)
    parameters = jax.tree.map(jnp.asarray, {
        "dense": data.weights, "shape": [initial(variant, w.shape[1]) for w, _ in data.weights[:-1]]})
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    state = [(parameters, zeros(), zeros(), jnp.float32(0))]

    def train(order):
        order = np.concatenate([order, order[: batches * batch - rows]]).reshape(batches, batch)
        state[0] = jax.block_until_ready(epoch(state[0], order))

    return train, lambda: np.asarray(forward(state[0][0], x))


def torch_peer(spec, variant, data, threads):
    import torch
    from torch.nn import functional

    torch.set_num_threads(threads)
    trained = []

    def parameter(array):
        trained.append(torch.tensor(array, requires_grad=True))
        return trained[-1]

    def activate(p, x):
        match variant:
            case "relu": return torch.relu(x)
            case "swish": return functional.silu(x)
            case "parametric_sigmoid": return torch.sigmoid(p["a"] * x + p["b"])
            case "parametric_tanh": return torch.tanh((p["a"] * x + p["b"]) / 2)
            case "network": return torch.tanh(x.unsqueeze(-1) * p["w"] + p["c"]) @ p["v"] + p["d"]
            case "expression": return x * torch.sigmoid(p["beta"] * x) + p["alpha"] * torch.sin(p["gamma"] * x)

    dense = [(parameter(w), parameter(b)) for w, b in data.weights]
    shape = [{k: parameter(v) for k, v in initial(variant, w.shape[1]).items()} for w, _ in data.weights[:-1]]

    def forward(x):
        for (w, b), p in zip(dense[:-1], shape):
            x = activate(p, torch.addmm(b, x, w))
        return torch.addmm(dense[-1][1], x, dense[-1][0])

    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y)
    loss = {
        "softmax_ce": lambda z, y: functional.cross_entropy(z, y.long()),
        "bce": lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y),
        "mse": lambda z, y: functional.mse_loss(z[:, 0], y),
    }[spec["loss"]]
    optimiser = torch.optim.Adam(trained, lr=spec["optimiser"]["lr"], foreach=True)

    def train(order):
        order = torch.from_numpy(order).long()
        rows, targets = x[order], y[order]
        for start in range(0, len(x), spec["batch"]):
            part = slice(start, start + spec["batch"])
            optimiser.zero_grad(set_to_none=True)
            loss(forward(rows[part]), targets[part]).backward()
            optimiser.step()

    return train, lambda: forward(x).detach().numpy()


def sklearn_peer(spec, variant, data, threads):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    kind = MLPRegressor if spec["loss"] == "mse" else MLPClassifier
    model = kind(
        hidden_layer_sizes=spec["network"]["layers"][1:-1], activation=variant, alpha=0.0, batch_size=spec["batch"],
        learning_rate_init=spec["optimiser"]["lr"], max_iter=1, warm_start=True, random_state=0, tol=0.0,
        n_iter_no_change=10**9)

    def train(order):
        model.fit(data.x, data.y)

    def outputs():
        if spec["loss"] == "mse":
            return model.predict(data.x)[:, None]
        p = np.clip(model.predict_proba(data.x).astype(np.float64), 1e-30, 1)
        return np.log(p) if spec["loss"] == "softmax_ce" else (np.log(p[:, 1]) - np.log(p[:, 0]))[:, None]

    return train, outputs


PEERS = {"JAX": ("jax", jax_peer), "PyTorch": ("torch", torch_peer), "scikit-learn": ("sklearn", sklearn_peer)}


def run_peer(arguments):
    import warnings

    warnings.filterwarnings("ignore")
    spec, data = WORKLOADS[arguments.workload], Data(arguments.directory, arguments.workload)
    start = time.monotonic()
    train, outputs = PEERS[arguments.peer][1](spec, arguments.variant, data, arguments.threads)
    seconds = []
    for epoch in range(spec["epochs"]):
        before = time.monotonic()
        train(data.order[epoch])
        seconds.append(time.monotonic() - before)
    cold = time.monotonic() - start
    loss = mean_loss(spec["loss"], outputs(), data.y)
    print("RESULT", json.dumps({"sec_per_epoch": statistics.median(seconds[1:]), "cold_total_s": cold, "train_loss": loss}))


# ---- the report ----


def run(command, threads):
    counts = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    # JAX has no setting for its threads: it takes the processors that it may use.
    pinned = (lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads]))
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, **counts), preexec_fn=pinned)
    process = time.monotonic() - start
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        sys.exit(f"benchmark: {' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1][7:]) | {"process_s": process}


def contestants(arguments, name, variant):
    threads = sorted({1, min(2, len(os.sched_getaffinity(0)))})
    found = {}
    for count in threads:
        found["Curvesmith", count] = [
            arguments.engine, "train", "--workloads", f"{arguments.directory}/workloads.json", "--data",
            f"{arguments.directory}/data", name, variant, str(count)]
        for peer, (module, _) in PEERS.items():
            if importlib.util.find_spec(module) is None or (peer == "scikit-learn" and variant != "relu"):
                continue
            found[peer, count] = [
                sys.executable, __file__, "peer", "--directory", arguments.directory, peer, name, variant, str(count)]
    return found


def floating_point_operations(spec):
    """Of one epoch's products: forward, the weights' gradients, and the inputs' gradients but for the first layer."""
    products = [a * b for a, b in zip(spec["network"]["layers"], spec["network"]["layers"][1:])]
    return 2 * spec["rows"] * (3 * sum(products) - products[0])


def section(arguments, name, peak, ratios, processes):
    spec = WORKLOADS[name]
    rows = [
        f"## `{name}`: {spec['rows']} rows, {'-'.join(map(str, spec['network']['layers']))}, batch {spec['batch']}, {spec['loss']}",
        "",
        "| activation | contestant | threads | ms/epoch | of the best peer | of the floor | cold s | final loss |",
        "|---|---|---|---|---|---|---|---|",
    ]
    own = {}
    for variant in spec["variants"]:
        results = {}
        for _ in range(arguments.rounds):
            for key, command in contestants(arguments, name, variant).items():
                results.setdefault(key, []).append(run(command, key[1]))
                print(f"benchmark: {name} {variant} {key[0]} {key[1]}", file=sys.stderr)
        median = lambda key, what: statistics.median(r[what] for r in results[key])
        times = {key: median(key, "sec_per_epoch") for key in results}
        processes.update({(name, variant, who): min(processes.get((name, variant, who), math.inf), median((who, n), "process_s"))
                          for who, n in results})
        own[variant] = min(s for (who, _), s in times.items() if who == "Curvesmith")
        peers = [seconds for (who, _), seconds in times.items() if who != "Curvesmith"]
        best = min(peers, default=None)
        if best:
            ratios.append(min(s for (who, _), s in times.items() if who == "Curvesmith") / best)
        for who, threads in sorted(times, key=times.get):
            key = (who, threads)
            floor = floating_point_operations(spec) / (peak * 1e9 * threads)
            rows.append(
                f"| {variant} | {who} | {threads} | {times[key] * 1e3:.3f} | {times[key] / best:.2f}× " if best else
                f"| {variant} | {who} | {threads} | {times[key] * 1e3:.3f} | – ")
            rows[-1] += f"| {floor / times[key]:.0%} | {median(key, 'cold_total_s'):.2f} | {results[key][0]['train_loss']:.5f} |"
    costs = ", ".join(f"{variant} {seconds / own['relu']:.2f}×" for variant, seconds in own.items() if variant != "relu")
    return rows + ["", f"Curvesmith's epochs, as multiples of its own with relu: {costs}.", ""]


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
             if name == "small" and variant == "parametric_sigmoid" and who != "Curvesmith"}
    best = min(peers.values(), default=None)
    for who, s in [("Curvesmith, the service", own)] + sorted(peers.items(), key=lambda item: item[1]):
        rows.append(f"| {who} | {s * 1e3:.0f} | " + (f"{s / best:.3f}× |" if best else "– |"))
    return rows + [""]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def report(arguments):
    directory = pathlib.Path(arguments.directory)
    make_data(directory)
    tool = lambda *words: subprocess.run([arguments.engine, *words], capture_output=True, text=True, check=True).stdout
    blas = ["--blas", arguments.blas] if arguments.blas else []
    products = tool("products", *blas)
    peak = float(products.splitlines()[1].split()[-1])
    versions = [
        f"{peer} {importlib.metadata.version({'sklearn': 'scikit-learn'}.get(module, module))}"
        for peer, (module, _) in PEERS.items() if importlib.util.find_spec(module)]
    ratios, processes = [], {}
    tables = [line for name in (["digits", "small"] if arguments.quick else WORKLOADS) for line in section(arguments, name, peak, ratios, processes)]
    summary = []
    if ratios:
        mean = math.exp(statistics.mean(math.log(r) for r in ratios))
        summary = [f"Curvesmith's epoch takes {min(ratios):.2f}× to {max(ratios):.2f}× the best peer's, {mean:.2f}× in the geometric mean.", ""]
    lines = [
        "# Performance", "",
        "Written by `scripts/benchmark`; the numbers of each section are those of one run on one machine. "
        f"Medians of {arguments.rounds} round{'s' * (arguments.rounds > 1)} in which all contestants take turns; every contestant is a process of its own.", "",
        f"- Machine: {processor()}, {len(os.sched_getaffinity(0))} processors, {platform.system()} {platform.release()}",
        f"- Date: {time.strftime('%Y-%m-%d')}",
        f"- Peers: {', '.join(versions) or 'none installed'}; Python {platform.python_version()}",
        f"- One core's peak of matrix products: {peak:.0f} GFLOP/s. *Of the floor* is the time that the products of an epoch "
        "take at that rate on all threads used, as a share of the epoch.",
        "- All train by Adam on the same rows in the same order from the same weights; scikit-learn draws its own weights and "
        "order. *Cold* is from data in memory to a trained model, compilation included.", "",
    ] + summary + tables + whole_job(arguments, processes) + [
        "## Data", "", "From the bytes that a client sends to a data set, on one core (`curvesmith-benchmark decode`).", "",
        "```", tool("decode").rstrip(), "```", "",
        "## Matrix products", "", "```", products.rstrip(), "```", "", "## Element-wise functions", "", "```",
        tool("elements").rstrip(), "```", ""]
    output = pathlib.Path(arguments.output)
    output.parent.mkdir(exist_ok=True)
    # What another run has measured stays.
    page = output.read_text() if output.exists() else ""
    kept = page[page.index("<!-- HTTP: begin -->"):] if "<!-- HTTP: begin -->" in page else ""
    output.write_text("\n".join(lines) + (f"\n{kept}" if kept else ""))
    print(f"benchmark: wrote {output}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("report", help="run everything and write the report")
    one.add_argument("--engine", required=True)
    one.add_argument("--directory", required=True)
    one.add_argument("--service", required=True)
    one.add_argument("--output", required=True)
    one.add_argument("--blas", help="a library with cblas_sgemm, whose products are measured too")
    one.add_argument("--rounds", type=int, default=3)
    one.add_argument("--quick", action="store_true", help="the two small workloads alone")
    one.set_defaults(run=report)
    two = commands.add_parser("peer", help="train one workload with one peer")
    two.add_argument("--directory", required=True)
    two.add_argument("peer", choices=PEERS)
    two.add_argument("workload", choices=WORKLOADS)
    two.add_argument("variant")
    two.add_argument("threads", type=int)
    two.set_defaults(run=run_peer)
    arguments = parser.parse_args()
    arguments.run(arguments)
