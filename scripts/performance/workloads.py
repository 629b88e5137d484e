"""The networks that all contestants train, in the form that `curvesmith-benchmark train` reads."""

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
# The matrices that a cell has beside each other, in this order: i f c o of an LSTM, z r c of a GRU.
GATES = {"elman": 1, "lstm": 4, "gru": 3}


def workload(rows, network, loss, batch, epochs, variants, rate=0.001):
    return {
        "rows": rows, "network": network, "loss": loss, "optimiser": {"name": "adam", "lr": rate}, "batch": batch,
        "epochs": epochs, "timing_epochs": epochs, "variants": variants,
    }


def dense(*widths):
    return {"layers": list(widths)}


def conv(filters, kernel, stride=1, padding="same"):
    return {"conv": filters, "kernel": kernel, "stride": stride, "padding": padding}


def convolutional(shape, *layers):
    return {"kind": "cnn", "input": shape, "layers": list(layers)}


def recurrent(steps, features, units, outputs):
    return {"kind": "rnn", "input": features, "hidden": units, "steps": steps, "output": outputs}


WORKLOADS = {
    # The shapes of the digits and of a large table, of a small medical table, and of a wide regression.
    "digits": workload(1437, dense(64, 128, 64, 10), "softmax_ce", 64, 30, ALL),
    "table": workload(80000, dense(32, 256, 256, 10), "softmax_ce", 256, 3, [
        "relu", "swish", "parametric_sigmoid", "parametric_tanh", "expression"]),
    "small": workload(455, dense(30, 16, 16, 1), "bce", 32, 100, ["relu", "parametric_sigmoid", "parametric_tanh"]),
    "wide": workload(8192, dense(128, 512, 512, 1), "mse", 128, 4, ["relu", "swish", "parametric_sigmoid"]),
    # The digits as images, images of the size of MNIST's, signals of a sensor, and sequences.
    "images": workload(
        1437, convolutional([8, 8, 1], conv(16, 3), conv(16, 3), {"max_pool": 2}, {"dense": 10}),
        "softmax_ce", 32, 6, ["relu", "parametric_tanh", "expression"]),
    "large-images": workload(
        600, convolutional([28, 28, 1], conv(16, 3), {"max_pool": 2}, conv(32, 3), {"max_pool": 2}, {"dense": 10}),
        "softmax_ce", 32, 5, ["relu", "parametric_tanh"]),
    "signals": workload(
        1600, convolutional(
            [128, 2], conv(16, 5, stride=2), conv(32, 5, stride=2, padding="valid"), {"global_average_pool": True},
            {"dense": 6}),
        "softmax_ce", 64, 6, ["tanh", "parametric_sigmoid", "network"], rate=0.003),
    "sequences": workload(1200, recurrent(24, 6, 40, 6), "softmax_ce", 32, 4, [
        "elman_tanh", "elman_parametric_tanh", "lstm", "lstm_parametric_tanh", "gru", "gru_parametric_tanh"]),
    "long-sequences": workload(500, recurrent(50, 8, 64, 6), "softmax_ce", 32, 4, [
        "lstm", "lstm_parametric_tanh"]),
}


def kind(network):
    return {None: "dense", "cnn": "convolutional", "rnn": "recurrent"}[network.get("kind")]


def cell_and_function(variant):
    """Of a recurrent network's variant, which names no function where it is tanh."""
    cell, _, function = variant.partition("_")
    return cell, function or "tanh"


def plain(spec, variant):
    """The variant whose activation is not learned in the network of `variant`."""
    if kind(spec["network"]) != "recurrent":
        return spec["variants"][0]
    cell = cell_and_function(variant)[0]
    return next((v for v in spec["variants"] if cell_and_function(v) == (cell, "tanh")), None)


def same_padding(size, kernel, stride):
    """Elements before and after an axis such that there is an output for every `stride` elements; the odd one is after."""
    missing = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return missing // 2, missing - missing // 2


def paddings(layer, shape):
    """Of the axes of a convolution's input."""
    if layer["padding"] == "valid":
        return [(0, 0)] * (len(shape) - 1)
    return [same_padding(size, layer["kernel"], layer["stride"]) for size in shape[:-1]]


def shapes(network):
    """The layers of a convolutional network, each with the shapes of a row before and after it, channels last."""
    shape, result = list(network["input"]), []
    for layer in network["layers"]:
        before = shape
        if "conv" in layer:
            sizes = [size + sum(padding) for size, padding in zip(before, paddings(layer, before))]
            shape = [(size - layer["kernel"]) // layer["stride"] + 1 for size in sizes] + [layer["conv"]]
        elif "max_pool" in layer:
            shape = [size // layer["max_pool"] for size in before[:-1]] + before[-1:]
        elif "global_average_pool" in layer:
            shape = before[-1:]
        else:
            shape = [layer["dense"]]
        result.append((layer, before, shape))
    return result


def describe(network):
    """A network in a few words, for a heading."""
    if kind(network) == "dense":
        return "-".join(map(str, network["layers"]))
    if kind(network) == "recurrent":
        return "{steps} steps of {input} features, {hidden} units, dense {output}".format(**network)
    words = []
    for layer, before, _ in shapes(network):
        if "conv" in layer:
            size = "×".join([str(layer["kernel"])] * (len(before) - 1))
            stride = f" stride {layer['stride']}" if layer["stride"] > 1 else ""
            words.append(f"conv {size} {layer['conv']}{stride} {layer['padding']}")
        else:
            words.append("global average pool" if "global_average_pool" in layer else " ".join(
                f"{name.replace('_', ' ')} {number}" for name, number in layer.items()))
    return ", ".join(["×".join(map(str, network["input"])), *words])


def floating_point_operations(spec, variant):
    """Of one epoch's products: forward, the weights' gradients, and the inputs' gradients but for the first layer."""
    network = spec["network"]
    if kind(network) == "dense":
        products = [a * b for a, b in zip(network["layers"], network["layers"][1:])]
    elif kind(network) == "convolutional":
        products = []
        for layer, before, after in shapes(network):
            if "conv" in layer:
                positions = volume(after[:-1])
                products.append(positions * layer["kernel"] ** (len(before) - 1) * before[-1] * after[-1])
            elif "dense" in layer:
                products.append(volume(before) * layer["dense"])
    else:
        units, columns = network["hidden"], GATES[cell_and_function(variant)[0]] * network["hidden"]
        products = [network["steps"] * network["input"] * columns, network["steps"] * units * columns,
                    units * network["output"]]
    return 2 * spec["rows"] * (3 * sum(products) - products[0])


def volume(shape):
    """How many numbers an array of a shape has."""
    count = 1
    for size in shape:
        count *= size
    return count
