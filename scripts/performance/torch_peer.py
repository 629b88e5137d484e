"""PyTorch, run eagerly; its own layers wherever they know the function, a loop over the steps elsewhere."""
import functools

import numpy as np
import torch
from torch.nn import functional

from performance.data import activation_parameters
from performance.workloads import cell_and_function, kind, paddings, shapes


def activate(function, p, x):
    match function:
        case "relu": return torch.relu(x)
        case "tanh": return torch.tanh(x)
        case "swish": return functional.silu(x)
        case "parametric_sigmoid": return torch.sigmoid(p["a"] * x + p["b"])
        case "parametric_tanh": return torch.tanh((p["a"] * x + p["b"]) / 2)
        case "network": return torch.tanh(x.unsqueeze(-1) * p["w"] + p["c"]) @ p["v"] + p["d"]
        case "expression": return x * torch.sigmoid(p["beta"] * x) + p["alpha"] * torch.sin(p["gamma"] * x)


class Parameters:
    """What is trained."""

    def __init__(self):
        self.all = []

    def add(self, array):
        self.all.append(torch.tensor(np.ascontiguousarray(array), requires_grad=True))
        return self.all[-1]

    def activation(self, function, units):
        return {name: self.add(value) for name, value in activation_parameters(function, units).items()}


# ---- networks: each returns the function from rows to outputs ----


def dense(spec, variant, weights, parameters):
    count = len(spec["network"]["layers"]) - 1
    layers = [(parameters.add(weights[f"W{i}"]), parameters.add(weights[f"b{i}"])) for i in range(count)]
    shape = [parameters.activation(variant, len(b)) for _, b in layers[:-1]]

    def forward(x):
        for (w, b), p in zip(layers[:-1], shape):
            x = activate(variant, p, torch.addmm(b, x, w))
        return torch.addmm(layers[-1][1], x, layers[-1][0])

    return forward


def convolutional(spec, variant, weights, parameters):
    """With channels first, as PyTorch has them: kernels and the dense layer's weights are turned to match."""
    layers = shapes(spec["network"])
    axes = len(spec["network"]["input"]) - 1
    convolve, pool = {1: (functional.conv1d, functional.max_pool1d), 2: (functional.conv2d, functional.max_pool2d)}[axes]
    filters = [after[-1] for layer, _, after in layers if "conv" in layer]
    kernels = [(parameters.add(np.moveaxis(weights[f"K{i}"], (-1, -2), (0, 1))), parameters.add(weights[f"kb{i}"]))
               for i in range(len(filters))]
    shape = [parameters.activation(variant, count) for count in filters]
    flat = layers[-1][1]
    turned = np.moveaxis(weights["W0"].reshape(*flat, -1), (-1, -2), (0, 1))
    w, b = parameters.add(turned.reshape(len(turned), -1)), parameters.add(weights["b0"])

    def forward(x):
        convolutions = zip(kernels, shape)
        x = x.movedim(-1, 1)
        for layer, before, _ in layers:
            if "conv" in layer:
                (kernel, bias), p = next(convolutions)
                # One number for each channel lies along the second axis.
                p = {name: value.view(-1, *[1] * axes) if variant == "parametric_tanh" else value for name, value in p.items()}
                padding = paddings(layer, before)
                even = all(first == last for first, last in padding)
                if not even:
                    x = functional.pad(x, [count for axis in reversed(padding) for count in axis])
                x = activate(variant, p, convolve(
                    x, kernel, bias, stride=layer["stride"], padding=[first for first, _ in padding] if even else 0))
            elif "max_pool" in layer:
                x = pool(x, layer["max_pool"])
            elif "global_average_pool" in layer:
                x = x.flatten(2).mean(2)
            else:
                x = functional.linear(x.flatten(1), w, b)
        return x

    return forward


def recurrent(spec, variant, weights, parameters):
    cell, function = cell_and_function(variant)
    states = (own_layer if function == "tanh" else loop)(spec["network"], cell, function, weights, parameters)
    w, b = parameters.add(weights["Wo"]), parameters.add(weights["bo"])
    return lambda x: torch.addmm(b, states(x), w)


def own_layer(network, cell, function, weights, parameters):
    """nn.RNN, nn.LSTM or nn.GRU with the one bias of the other contestants."""
    units = network["hidden"]
    layer = {"elman": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](network["input"], units, batch_first=True)
    # PyTorch's GRU has its reset gate first.
    order = np.arange(len(weights[f"{cell}_b"]))
    if cell == "gru":
        order[:2 * units] = np.roll(order[:2 * units], units)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.from_numpy(weights[f"{cell}_Wx"][:, order].T))
        layer.weight_hh_l0.copy_(torch.from_numpy(weights[f"{cell}_Wh"][:, order].T))
        layer.bias_ih_l0.copy_(torch.from_numpy(weights[f"{cell}_b"][order]))
        layer.bias_hh_l0.zero_()
    parameters.all += [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0]
    if cell == "gru":
        # Of its second bias the candidate's part alone is trained.
        chosen = torch.zeros(3 * units)
        chosen[2 * units:] = 1
        layer.bias_hh_l0.register_hook(lambda gradient: gradient * chosen)
        parameters.all.append(layer.bias_hh_l0)
    else:
        layer.bias_hh_l0.requires_grad_(False)
    return lambda x: layer(x)[0][:, -1]


def loop(network, cell, function, weights, parameters):
    units = network["hidden"]
    wx, wh, b = (parameters.add(weights[f"{cell}_{name}"]) for name in ("Wx", "Wh", "b"))
    second = parameters.add(weights["gru_rb"]) if cell == "gru" else None
    phi = functools.partial(activate, function, parameters.activation(function, units))

    def states(x):
        h = c = x.new_zeros(len(x), units)
        for z in (x.transpose(0, 1) @ wx + b).unbind(0):
            if cell == "elman":
                h = phi(torch.addmm(z, h, wh))
            elif cell == "lstm":
                s = torch.addmm(z, h, wh)
                # One call for the three gates, the candidate's share of which is for nothing.
                gates = torch.sigmoid(s)
                c = gates[:, units:2 * units] * c + gates[:, :units] * phi(s[:, 2 * units:3 * units])
                h = gates[:, 3 * units:] * phi(c)
            else:
                own = h @ wh
                gates = torch.sigmoid(z[:, :2 * units] + own[:, :2 * units])
                candidate = phi(z[:, 2 * units:] + gates[:, units:] * (own[:, 2 * units:] + second))
                h = torch.lerp(candidate, h, gates[:, :units])
        return h

    return states


# ---- training ----


def peer(spec, variant, data, threads):
    torch.set_num_threads(threads)
    parameters = Parameters()
    network = {"dense": dense, "convolutional": convolutional, "recurrent": recurrent}[kind(spec["network"])]
    forward = network(spec, variant, data.weights, parameters)
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y)
    if spec["loss"] == "softmax_ce":
        y = y.long()
    loss = {
        "softmax_ce": lambda z, y: functional.cross_entropy(z, y),
        "bce": lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y),
        "mse": lambda z, y: functional.mse_loss(z[:, 0], y),
    }[spec["loss"]]
    optimiser = torch.optim.Adam(parameters.all, lr=spec["optimiser"]["lr"], foreach=True)

    def train(order):
        order = torch.from_numpy(order).long()
        rows, targets = x[order], y[order]
        for start in range(0, len(x), spec["batch"]):
            part = slice(start, start + spec["batch"])
            optimiser.zero_grad(set_to_none=True)
            loss(forward(rows[part]), targets[part]).backward()
            optimiser.step()

    def outputs():
        with torch.no_grad():
            return forward(x).numpy()

    return train, outputs
