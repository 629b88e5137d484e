#!/usr/bin/env python3
"""Derives the polynomials and the quotient of Sources/CKernels/Templates/polynomials.h and prints their coefficients.

Each is the minimax polynomial under a weight (Remez exchange in 60 digits), its coefficients rounded to the format
that they are used in; the error stated is that of the rounded ones. They are printed lowest power first; the header
holds the same numbers, copied, in the order of Horner's rule, highest first. Needs mpmath and NumPy, and a minute:
python3 scripts/coefficients.py
"""
import mpmath as mp
import numpy as np

mp.mp.dps = 60


def remez(target, weight, low, high, count, grid=1500):
    """The c minimising max |weight(x)·(target(x) − Σ c[i]·x^i)| over [low, high]."""
    middle, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    points = [middle + half * mp.cos(mp.pi * i / (grid - 1)) for i in range(grid - 1, -1, -1)]
    values = [(x, weight(x), target(x)) for x in points if weight(x) != 0]
    nodes = sorted({int(round((len(values) - 1) * i / count)) for i in range(count + 1)})
    for _ in range(30):
        system = mp.matrix(count + 1, count + 1)
        right = mp.matrix(count + 1, 1)
        for row, node in enumerate(nodes):
            x, w, f = values[node]
            for column in range(count):
                system[row, column] = w * x**column
            system[row, count] = (-1) ** row
            right[row] = w * f
        solution = mp.lu_solve(system, right)
        c = [solution[i] for i in range(count)]
        errors = [w * (f - mp.polyval(c[::-1], x)) for x, w, f in values]
        # The extremum of every run of one sign; the largest neighbours are kept when there are too many.
        extrema = []
        for i, e in enumerate(errors):
            if extrema and (errors[extrema[-1]] < 0) == (e < 0):
                if abs(e) > abs(errors[extrema[-1]]):
                    extrema[-1] = i
            else:
                extrema.append(i)
        while len(extrema) > count + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < count + 1 or extrema == nodes:
            break
        nodes = extrema
    return c, max(abs(e) for e in errors)


def fit(name, target, weight, low, high, count, double=False):
    c, _ = remez(target, lambda x: abs(weight(x)), low, high, count)
    c = [mp.mpf(float(x)) if double else mp.mpf(float(np.float32(float(x)))) for x in c]
    worst = max(
        abs(weight(x) * (target(x) - mp.polyval(c[::-1], x)))
        for x in (low + (mp.mpf(high) - low) * i / 4000 for i in range(1, 4000))
    )
    text = ", ".join(f"{float(x):.17g}" if double else f"{float(x):.9g}f" for x in c)
    print(f"// {name}: relative error 2^{float(mp.log(worst, 2)):.1f}\n{text}\n")


def fit_quotient(name, target, bound, above, below, steps=2000, grid=3000):
    """P(t)/Q(t) near target(√t) for √t up to the bound, Q(0) = 1: least squares under weights that follow the errors
    (Lawson), which ends near the smallest largest relative error."""
    s = np.sin(np.linspace(0, np.pi / 2, grid)) ** 2
    s[0] = 1e-7
    t, f = s * s, target(bound * s)
    weights, q, best = np.ones(grid) / grid, np.ones(grid), (np.inf, None)
    for step in range(steps):
        w = np.sqrt(weights) / (f * q)
        columns = [t**i for i in range(above)] + [-f * t**i for i in range(1, below)]
        matrix = np.stack(columns, 1) * w[:, None]
        scale = np.linalg.norm(matrix, axis=0)
        solution = np.linalg.lstsq(matrix / scale, f * w, rcond=None)[0] / scale
        p, d = solution[:above], np.concatenate([[1], solution[above:]])
        q = np.polyval(d[::-1], t)
        error = np.abs(np.polyval(p[::-1], t) / q / f - 1)
        if error.max() < best[0]:
            best = error.max(), (p, d)
        if step > 5:
            weights = weights * (error / error.max() + 1e-9) ** 0.8
            weights /= weights.sum()
    print(f"// {name}: relative error 2^{np.log2(best[0]):.1f} before rounding")
    for c in best[1]:
        print(", ".join(f"{np.float32(x / bound ** (2 * i)):.9g}f" for i, x in enumerate(c)))
    print()


def series(f, near, threshold="1e-8"):
    """f away from 0, its limit near 0: closed forms cancel there."""
    return lambda x: near(x) if abs(x) < mp.mpf(threshold) else f(x)


ln2, pi = mp.log(2), mp.pi
half_ln2 = ln2 / 2 * mp.mpf("1.001")
# e^r = 1 + r + r²/2 + r³·q(r); the weight is the error relative to e^r - 1, so that expm1 can use it as well.
fit("exp", series(lambda r: (mp.expm1(r) - r - r * r / 2) / r**3, lambda r: mp.mpf(1) / 6 + r / 24),
    series(lambda r: r**3 / mp.expm1(r), lambda r: r * r), -half_ln2, half_ln2, 4)
# ln(1 + f) = f - f²/2 + f³·q(f)
fit("log", series(lambda f: (mp.log1p(f) - f + f * f / 2) / f**3, lambda f: mp.mpf(1) / 3 - f / 4),
    series(lambda f: f**3 / mp.log1p(f), lambda f: f * f), mp.sqrt(0.5) - 1, mp.sqrt(2) - 1, 9)
# Odd and even functions are fitted in t = x².
r = mp.sqrt
fit("arctan", series(lambda t: (mp.atan(r(t)) / r(t) - 1) / t, lambda t: -mp.mpf(1) / 3 + t / 5),
    lambda t: t * r(t) / mp.atan(r(t)) if t else mp.mpf(0), 0, 1, 9)
fit("asinh", series(lambda t: (mp.asinh(r(t)) / r(t) - 1) / t, lambda t: -mp.mpf(1) / 6 + 3 * t / 40),
    lambda t: t * r(t) / mp.asinh(r(t)) if t else mp.mpf(0), 0, mp.mpf("0.75") ** 2, 7)
quarter = (pi / 4 * mp.mpf("1.004")) ** 2
fit("sin", series(lambda t: (mp.sin(r(t)) / r(t) - 1) / t, lambda t: -mp.mpf(1) / 6 + t / 120),
    lambda t: t * r(t) / mp.sin(r(t)) if t else mp.mpf(0), 0, quarter, 3)
fit("cos", series(lambda t: (mp.cos(r(t)) - 1 + t / 2) / t**2, lambda t: mp.mpf(1) / 24 - t / 720),
    lambda t: t * t / mp.cos(r(t)), 0, quarter, 3)
fit("erf, |x| < 1", series(lambda t: mp.erf(r(t)) / r(t) - 1, lambda t: 2 / r(pi) - 1 - 2 * t / (3 * r(pi))),
    lambda t: r(t) / mp.erf(r(t)) if t else r(pi) / 2, 0, 1, 7)
# erf(x) = 1 - e^-q(x)
fit("erf, |x| >= 1", lambda x: -mp.log(mp.erfc(x)), lambda x: mp.erfc(x) / mp.erf(x), 1, mp.mpf("4"), 9)
# erfc(x) = e^-x² · t·q(2t - 1), t = 1/(1 + 5x/16)
def erfc_rest(s):
    t = (s + 1) / 2
    x = (1 / t - 1) * 16 / 5
    return mp.exp(x * x) * mp.erfc(x) / t
fit("erfc, double", erfc_rest, lambda s: 1 / erfc_rest(s), 2 / (1 + mp.mpf("10.1") * 5 / 16) - 1, 1, 11, double=True)
# log2(m) = s·q(s²), s = (m - 1)/(m + 1)
widest = ((r(2) - 1) / (r(2) + 1)) ** 2 * mp.mpf("1.001")
fit("log2, double", series(lambda t: 2 * mp.atanh(r(t)) / r(t) / ln2, lambda t: (2 + 2 * t / 3) / ln2),
    lambda t: mp.mpf(1) / 3, 0, widest, 6, double=True)
fit("exp2, double", lambda x: mp.mpf(2) ** x, lambda x: mp.mpf(2) ** -x, mp.mpf("-0.5"), mp.mpf("0.5"), 7, double=True)
# tanh x = x·P(x²)/Q(x²)
fit_quotient("tanh", lambda x: np.tanh(x) / x, 7.90531, 5, 5)
