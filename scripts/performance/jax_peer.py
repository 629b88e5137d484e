"""JAX: one compiled function for an epoch, a scan over its batches.

What is written here in an unusual way was measured to be faster: a convolution is a product with the windows laid out
as rows, for with XLA's own an epoch of `large-images` took five times as long.
"""
import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np

from performance.data import activation_parameters
from performance.workloads import cell_and_function, kind, paddings, shapes


def activate(function, p, x):
    match function:
        case "relu": return jnp.maximum(x, 0)
        case "tanh": return jnp.tanh(x)
        case "swish": return x * jax.nn.sigmoid(x)
        case "parametric_sigmoid": return jax.nn.sigmoid(p["a"] * x + p["b"])
        case "parametric_tanh": return jnp.tanh((p["a"] * x + p["b"]) / 2)
        case "network": return p["d"] + sum(p["v"][j] * jnp.tanh(p["w"][j] * x + p["c"][j]) for j in range(8))
        case "expression": return x * jax.nn.sigmoid(p["beta"] * x) + p["alpha"] * jnp.sin(p["gamma"] * x)


# ---- networks: each returns its parameters at the start, and the function from parameters and rows to outputs ----


def dense(spec, variant, weights):
    count = len(spec["network"]["layers"]) - 1
    layers = [(weights[f"W{i}"], weights[f"b{i}"]) for i in range(count)]
    parameters = {"dense": layers, "shape": [activation_parameters(variant, len(b)) for _, b in layers[:-1]]}

    def forward(parameters, x):
        for (w, b), p in zip(parameters["dense"][:-1], parameters["shape"]):
            x = activate(variant, p, x @ w + b)
        w, b = parameters["dense"][-1]
        return x @ w + b

    return parameters, forward


def windows(x, size, stride, counts):
    """The elements at each place of all windows, in row-major order: arrays of rows × windows × channels."""
    for place in itertools.product(range(size), repeat=len(counts)):
        axes = (slice(first, first + (count - 1) * stride + 1, stride) for first, count in zip(place, counts))
        yield x[(slice(None), *axes)]


def max_pool(x, size):
    """The first of equal numbers takes the gradient, as everywhere else; jnp.max would share it out."""
    # One axis after the other, the last first, which keeps to the row-major order.
    for axis in reversed(range(1, x.ndim - 1)):
        x = jax.lax.slice_in_dim(x, 0, x.shape[axis] // size * size, axis=axis)
        x = x.reshape(*x.shape[:axis], -1, size, *x.shape[axis + 1:])
        places = [jax.lax.index_in_dim(x, place, axis + 1, keepdims=False) for place in range(size)]
        x = functools.reduce(lambda a, b: jnp.where(a >= b, a, b), places)
    return x


def convolutional(spec, variant, weights):
    layers = shapes(spec["network"])
    filters = [after[-1] for layer, _, after in layers if "conv" in layer]
    parameters = {
        "conv": [(weights[f"K{i}"], weights[f"kb{i}"]) for i in range(len(filters))],
        "shape": [activation_parameters(variant, count) for count in filters],
        "dense": (weights["W0"], weights["b0"])}

    def convolve(x, kernel, layer, before, after):
        x = jnp.pad(x, ((0, 0), *paddings(layer, before), (0, 0)))
        columns = jnp.concatenate(list(windows(x, layer["kernel"], layer["stride"], after[:-1])), -1)
        product = columns.reshape(-1, columns.shape[-1]) @ kernel.reshape(columns.shape[-1], -1)
        return product.reshape(-1, *after)

    def forward(parameters, x):
        convolutions = zip(parameters["conv"], parameters["shape"])
        for layer, before, after in layers:
            if "conv" in layer:
                (kernel, bias), p = next(convolutions)
                x = activate(variant, p, convolve(x, kernel, layer, before, after) + bias)
            elif "max_pool" in layer:
                x = max_pool(x, layer["max_pool"])
            elif "global_average_pool" in layer:
                x = x.mean(tuple(range(1, x.ndim - 1)))
            else:
                w, b = parameters["dense"]
                x = x.reshape(len(x), -1) @ w + b
        return x

    return parameters, forward


def recurrent(spec, variant, weights):
    units = spec["network"]["hidden"]
    cell, function = cell_and_function(variant)
    parameters = {name: weights[f"{cell}_{name}"] for name in ("Wx", "Wh", "b")}
    parameters |= {"Wo": weights["Wo"], "bo": weights["bo"], "shape": activation_parameters(function, units)}
    if cell == "gru":
        parameters["rb"] = weights["gru_rb"]
    sigmoid = jax.nn.sigmoid

    def forward(parameters, x):
        phi = functools.partial(activate, function, parameters["shape"])

        def elman(state, z):
            return phi(z + state @ parameters["Wh"]), None

        def lstm(state, z):
            h, c = state
            i, f, candidate, o = jnp.split(z + h @ parameters["Wh"], 4, -1)
            c = sigmoid(f) * c + sigmoid(i) * phi(candidate)
            return (sigmoid(o) * phi(c), c), None

        def gru(h, z):
            own = h @ parameters["Wh"]
            update, reset = jnp.split(sigmoid(z[:, :2 * units] + own[:, :2 * units]), 2, -1)
            candidate = phi(z[:, 2 * units:] + reset * (own[:, 2 * units:] + parameters["rb"]))
            return candidate + update * (h - candidate), None

        zero = jnp.zeros((len(x), units))
        # What does not depend on the state is one product for all steps.
        inputs = jnp.swapaxes(x, 0, 1) @ parameters["Wx"] + parameters["b"]
        if cell == "lstm":
            (last, _), _ = jax.lax.scan(lstm, (zero, zero), inputs)
        else:
            last, _ = jax.lax.scan({"elman": elman, "gru": gru}[cell], zero, inputs)
        return last @ parameters["Wo"] + parameters["bo"]

    return parameters, forward


# ---- training ----


def peer(spec, variant, data, threads):
    network = {"dense": dense, "convolutional": convolutional, "recurrent": recurrent}[kind(spec["network"])]
    parameters, forward = network(spec, variant, data.weights)
    parameters = jax.tree.map(jnp.asarray, parameters)

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
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    state = [(parameters, zeros(), zeros(), jnp.float32(0))]

    def train(order):
        order = np.concatenate([order, order[: batches * batch - rows]]).reshape(batches, batch)
        state[0] = jax.block_until_ready(epoch(state[0], order))

    return train, lambda: np.asarray(jax.jit(forward)(state[0][0], x))
