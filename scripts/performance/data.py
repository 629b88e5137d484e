"""Rows, initial weights and the order of the rows for every workload, as the NPY files that all contestants read."""
import importlib.util
import json
import math
import pathlib

import numpy as np

from performance.workloads import GATES, PARAMETERS, WORKLOADS, kind, shapes, volume


def make(directory, names):
    """Writes the workloads and the arrays of those named."""
    for number, (name, spec) in enumerate(WORKLOADS.items()):
        if name not in names:
            continue
        folder = directory / "data" / name
        folder.mkdir(parents=True, exist_ok=True)
        random = np.random.default_rng([2024, number])
        rows = spec["rows"]
        x, y = {"dense": table, "convolutional": patterns, "recurrent": sequences}[kind(spec["network"])](random, spec)
        for part, chosen in (("train", slice(0, rows)), ("test", slice(rows, len(x)))):
            np.save(folder / f"X_{part}.npy", x[chosen])
            np.save(folder / f"y_{part}.npy", y[chosen])
        for array, values in weights(random, spec["network"]).items():
            np.save(folder / f"init_{array}.npy", values)
        order = np.stack([random.permutation(rows) for _ in range(spec["epochs"])])
        np.save(folder / "order.npy", order.astype(np.int32))
    document = {"activations": PARAMETERS, "workloads": WORKLOADS}
    (directory / "workloads.json").write_text(json.dumps(document, indent=1))


def table(random, spec):
    """Targets of a random network with one hidden layer: learnable, and not linear."""
    layers, rows = spec["network"]["layers"], spec["rows"]
    total = rows + rows // 4
    x = random.standard_normal((total, layers[0])).astype(np.float32)
    hidden = np.tanh(x @ random.standard_normal((layers[0], 24)) / math.sqrt(layers[0]) * 2)
    score = hidden @ random.standard_normal((24, layers[-1])) / 2 + 0.3 * random.standard_normal((total, layers[-1]))
    y = {"softmax_ce": lambda: score.argmax(1).astype(np.int32), "bce": lambda: (score[:, 0] > 0).astype(np.float32),
         "mse": lambda: score[:, 0].astype(np.float32)}[spec["loss"]]()
    return x, y


def patterns(random, spec):
    """The digits where scikit-learn has them; else a pattern for each class, moved about and under noise."""
    shape, classes, rows = spec["network"]["input"], spec["network"]["layers"][-1]["dense"], spec["rows"]
    if shape == [8, 8, 1] and importlib.util.find_spec("sklearn"):
        from sklearn.datasets import load_digits

        x, y = load_digits(return_X_y=True)
        mixed = random.permutation(len(x))
        return (x[mixed].reshape(-1, *shape) / 16).astype(np.float32), y[mixed].astype(np.int32)
    axes = tuple(range(len(shape) - 1))
    # Smooth: the mean of neighbours, a few times.
    prototypes = random.standard_normal((classes, *shape))
    for _ in range(2):
        for axis in axes:
            prototypes = (np.roll(prototypes, 1, axis + 1) + prototypes + np.roll(prototypes, -1, axis + 1)) / 2
    prototypes /= prototypes.std()
    y = random.integers(0, classes, rows + rows // 4)
    moves = random.integers(-(shape[0] // 8), shape[0] // 8 + 1, (len(y), len(axes)))
    x = np.stack([np.roll(prototypes[label], move, axes) for label, move in zip(y, moves)])
    return (x + 2 * random.standard_normal(x.shape)).astype(np.float32), y.astype(np.int32)


def sequences(random, spec):
    """Targets of a random Elman network whose memory fades."""
    network, rows = spec["network"], spec["rows"]
    x = random.standard_normal((rows + rows // 4, network["steps"], network["input"])).astype(np.float32)
    inward, outward = random.standard_normal((network["input"], 24)), random.standard_normal((24, network["output"]))
    state = np.zeros((len(x), 24))
    for step in range(network["steps"]):
        state = np.tanh(0.8 * state + 0.4 * x[:, step] @ inward)
    return x, (state @ outward).argmax(1).astype(np.int32)


def weights(random, network):
    """Glorot's uniform weights and zero biases by name; the LSTM's forget gates have biases of 1."""
    arrays = {}

    def glorot(name, shape, area=1):
        limit = math.sqrt(6 / (area * (shape[-2] + shape[-1])))
        arrays[name] = random.uniform(-limit, limit, shape).astype(np.float32)

    def zeros(name, count):
        arrays[name] = np.zeros(count, np.float32)

    if kind(network) == "dense":
        for index, shape in enumerate(zip(network["layers"], network["layers"][1:])):
            glorot(f"W{index}", shape)
            zeros(f"b{index}", shape[1])
    elif kind(network) == "convolutional":
        index = 0
        for layer, before, after in shapes(network):
            if "conv" in layer:
                window = [layer["kernel"]] * (len(before) - 1)
                glorot(f"K{index}", (*window, before[-1], after[-1]), area=volume(window))
                zeros(f"kb{index}", after[-1])
                index += 1
            elif "dense" in layer:
                glorot("W0", (volume(before), layer["dense"]))
                zeros("b0", layer["dense"])
    else:
        features, units = network["input"], network["hidden"]
        for cell, gates in GATES.items():
            for name, count in (("Wx", features), ("Wh", units)):
                limit = math.sqrt(6 / (count + units))
                values = random.uniform(-limit, limit, (count, gates * units))
                arrays[f"{cell}_{name}"] = values.astype(np.float32)
            zeros(f"{cell}_b", gates * units)
        arrays["lstm_b"][units:2 * units] = 1
        zeros("gru_rb", units)
        glorot("Wo", (units, network["output"]))
        zeros("bo", network["output"])
    return arrays


class Data:
    """The training rows of a workload, their order and the initial weights by name."""

    def __init__(self, directory, name):
        folder = pathlib.Path(directory) / "data" / name
        self.x, self.y, self.order = (np.load(folder / f"{part}.npy") for part in ("X_train", "y_train", "order"))
        self.weights = {file.stem.removeprefix("init_"): np.load(file) for file in folder.glob("init_*.npy")}


def activation_parameters(function, units):
    """A function's parameters at the start, for a layer of so many units or channels, as arrays by name."""
    entry = PARAMETERS.get(function, {"params": {}, "sharing": "layer"})
    shape = (units,) if entry["sharing"] == "unit" else ()
    return {name: np.asarray(value, np.float32) if isinstance(value, list) else np.full(shape, value, np.float32)
            for name, value in entry["params"].items()}


def mean_loss(name, outputs, y):
    z = np.asarray(outputs, np.float64)
    if name == "softmax_ce":
        peak = z.max(1, keepdims=True)
        return float(np.mean(peak[:, 0] + np.log(np.exp(z - peak).sum(1)) - z[np.arange(len(y)), y]))
    if name == "bce":
        return float(np.mean(np.logaddexp(0, z[:, 0]) - y * z[:, 0]))
    return float(np.mean((z[:, 0] - y) ** 2))
