#!/usr/bin/env python3
"""Writes what PyTorch says of its element-wise functions: the fixture that the activations' tests read.

Every function of torch.nn with torch's own defaults, in double precision, at 401 points of [-8, 8] that Float32 holds
exactly and that are no kink of any of them: value and, by autograd, derivative; for prelu also that by its slope; and
the gated linear unit with the gradient of its input. Needs torch==2.13.0+cpu for Python 3.11, installed with pip, and
a second:
python3 scripts/torch_reference.py
"""
import json
import math
import pathlib
import warnings

warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
import torch
from torch import nn

EXPECTED = "2.13.0"
OUTPUT = pathlib.Path(__file__).parent.parent / "Tests/ActivationsTests/Fixtures/torch.json"

# By canonical name; only Threshold has no defaults.
FUNCTIONS = {
    "elu": nn.ELU(),
    "hardshrink": nn.Hardshrink(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "hard_tanh": nn.Hardtanh(),
    "hard_swish": nn.Hardswish(),
    "leaky_relu": nn.LeakyReLU(),
    "logsigmoid": nn.LogSigmoid(),
    "prelu": nn.PReLU(),
    "relu": nn.ReLU(),
    "relu6": nn.ReLU6(),
    "rrelu": nn.RReLU().eval(),
    "selu": nn.SELU(),
    "celu": nn.CELU(),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "sigmoid": nn.Sigmoid(),
    "silu": nn.SiLU(),
    "mish": nn.Mish(),
    "softplus": nn.Softplus(),
    "softshrink": nn.Softshrink(),
    "softsign": nn.Softsign(),
    "tanh": nn.Tanh(),
    "tanhshrink": nn.Tanhshrink(),
    "threshold": nn.Threshold(1.0, 0.0),
}


def points():
    """401 multiples of 1/64 from -8 to 8 or so, moved by 1/128: no multiple of 1/10 is among them."""
    return [math.floor(-512 + 1024 * i / 400) / 64 + 1 / 128 for i in range(401)]


def elementwise(function):
    x = torch.tensor(points(), dtype=torch.float64, requires_grad=True)
    function.double()
    y = function(x)
    (dy,) = torch.autograd.grad(y.sum(), x)
    result = {"torch": repr(function), "y": y.tolist(), "dy": dy.tolist()}
    if isinstance(function, nn.PReLU):
        slopes = [torch.autograd.grad(function(value), function.weight)[0].item() for value in x.reshape(-1, 1)]
        result["dparameters"] = {"a": slopes}
    return result


def glu():
    """16 rows of 8 numbers, the first half of a row gated by the second; the numbers are those of Float32."""
    rows, width = 16, 8
    x = torch.tensor([3 * math.sin(1.7 * i) for i in range(rows * width)]).double().reshape(rows, width)
    dy = torch.tensor([math.cos(0.9 * i) for i in range(rows * width // 2)]).double().reshape(rows, -1)
    x.requires_grad_()
    function = nn.GLU()
    y = function(x)
    (dx,) = torch.autograd.grad(y, x, dy)
    arrays = {name: t.reshape(-1).tolist() for name, t in {"x": x, "y": y, "dy": dy, "dx": dx}.items()}
    return {"torch": repr(function), "rows": rows, "width": width, **arrays}


def main():
    version = torch.__version__.split("+")[0]
    if version != EXPECTED:
        raise SystemExit(f"the fixture is made with torch {EXPECTED}, not {version}")
    document = {
        "torch": version,
        "x": points(),
        "functions": {name: elementwise(function) for name, function in FUNCTIONS.items()},
        "glu": glu(),
    }
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(document, separators=(",", ":"), allow_nan=False).replace('},"', '},\n"') + "\n")


main()
