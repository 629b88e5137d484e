#!/usr/bin/env python3
"""Trains Curvesmith and scikit-learn's networks on the same splits, with nothing but defaults, and compares them.

Called by scripts/compare-datasets. Of every data set a fifth of the rows is held out, anew for each of ten splits (of
classes by their shares). Curvesmith gets the other rows as CSV and {"data": {"target": "y"}, "activation": "relu"}, and
predicts the held-out ones over HTTP; MLPClassifier or MLPRegressor gets the same rows as they are, and once more
standardised, which its manual advises. Scores are accuracies or R². The difference is judged by the standard error of
the ten paired differences.
"""
import argparse
import json
import math
import statistics
import time
import warnings

import numpy as np
from sklearn import datasets, exceptions
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from service import Service

warnings.filterwarnings("ignore", category=exceptions.ConvergenceWarning)
warnings.filterwarnings("ignore", category=RuntimeWarning)


def tables():
    """Name, inputs, targets: names of classes, or numbers. The first five are those of UCI and of Efron et al."""
    loaded = [
        ("breast_cancer", datasets.load_breast_cancer()), ("iris", datasets.load_iris()),
        ("wine", datasets.load_wine()), ("digits", datasets.load_digits()),
    ]
    for name, bunch in loaded:
        yield name, bunch.data, np.array([f"class {bunch.target_names[label]}" for label in bunch.target])
    bunch = datasets.load_diabetes(scaled=False)
    yield "diabetes", bunch.data, bunch.target
    made = [
        ("moons", datasets.make_moons(400, noise=0.3, random_state=1)),
        ("circles", datasets.make_circles(400, noise=0.15, factor=0.5, random_state=1)),
        ("blobs", datasets.make_blobs(300, n_features=5, centers=4, cluster_std=4, random_state=1)),
        ("classification", datasets.make_classification(
            1000, 20, n_informative=8, n_redundant=4, n_classes=3, random_state=1)),
        ("hastie_10_2", datasets.make_hastie_10_2(2000, random_state=1)),
        ("gaussian_quantiles", datasets.make_gaussian_quantiles(
            n_samples=1000, n_features=6, n_classes=3, random_state=1)),
    ]
    for name, (inputs, labels) in made:
        yield name, inputs, np.array([f"class {label:g}" for label in labels])
    linnerud = datasets.load_linnerud()
    yield "linnerud", linnerud.data, linnerud.target[:, 0]
    yield "friedman1", *datasets.make_friedman1(600, noise=1, random_state=1)
    yield "friedman2", *datasets.make_friedman2(600, noise=50, random_state=1)
    yield "friedman3", *datasets.make_friedman3(600, noise=0.1, random_state=1)
    yield "swiss_roll", *datasets.make_swiss_roll(600, noise=0.3, random_state=1)
    yield "s_curve", *datasets.make_s_curve(600, noise=0.1, random_state=1)
    yield "regression", *datasets.make_regression(400, 20, n_informative=10, noise=20, random_state=1)
    yield "sparse_uncorrelated", *datasets.make_sparse_uncorrelated(500, 10, random_state=1)


def csv(inputs, targets=None):
    """Rows as CSV text with a header; `y` is the target."""
    names = [f"v{column}" for column in range(inputs.shape[1])] + ([] if targets is None else ["y"])
    lines = [",".join(names)]
    for row, values in enumerate(inputs.tolist()):
        fields = [repr(value) for value in values] + ([] if targets is None else [str(targets[row])])
        lines.append(",".join(fields))
    return ("\n".join(lines) + "\n").encode()


def score(truth, predictions, of_classes):
    if of_classes:
        return float(np.mean(truth == np.array(predictions)))
    errors = truth - np.array(predictions, dtype=float).ravel()
    return 1 - float(np.mean(errors**2)) / float(np.var(truth))


def ours(service, spec, parts, of_classes):
    train, test, train_targets, test_targets = parts
    job = service.train(spec, csv(train, train_targets))
    if job.get("status") != "succeeded":
        raise RuntimeError(f"the job did not succeed: {json.dumps(job)[:600]}")
    status, answer = service.send("POST", f"/v1/jobs/{job['id']}/predict", csv(test), Content_Type="text/csv")
    if status != 200:
        raise RuntimeError(f"no predictions: {json.dumps(answer)[:600]}")
    return score(test_targets, answer["predictions"], of_classes), job


def theirs(parts, of_classes, seed, scaled):
    train, test, train_targets, test_targets = parts
    model = (MLPClassifier if of_classes else MLPRegressor)(random_state=seed)
    if scaled:
        model = make_pipeline(StandardScaler(), model)
    model.fit(train, train_targets)
    return score(test_targets, model.predict(test), of_classes)


def verdict(mine, peer):
    """Mean difference, the standard error of the mean of the pairs, and what that says."""
    differences = [a - b for a, b in zip(mine, peer)]
    mean = statistics.fmean(differences)
    error = statistics.stdev(differences) / math.sqrt(len(differences)) if len(differences) > 1 else math.nan
    word = "better" if mean > 2 * error else "within" if mean >= -2 * error else "**below**"
    return f"{mean:+.4f} ± {error:.4f} | {word}"


STRATEGIES = {
    "parametric_sigmoid": {"strategy": "parametric", "function": "parametric_sigmoid"},
    "network": {"strategy": "network"},
}


def compare_initializers(service, options, splits):
    """Trains the default and each named initialiser on the same splits, and counts data sets that tell them apart."""
    names, activations = options.initializers.split(","), options.activations.split(",")
    print("| activation | " + " | ".join(f"than {name}" for name in names) + " |")
    print("|---|" + "---|" * len(names))
    totals = {name: [0, 0, 0] for name in names}
    for activation in activations:
        counts = {name: [0, 0, []] for name in names}
        for data, inputs, targets in chosen(options):
            of_classes = targets.dtype.kind in "US"
            scores = {name: [] for name in ["auto", *names]}
            for split in range(splits):
                parts = train_test_split(
                    inputs, targets, test_size=0.2, random_state=split, stratify=targets if of_classes else None)
                for name in scores:
                    spec = {"data": {"target": "y"}, "activation": STRATEGIES.get(activation, activation),
                            "training": {"initializer": name}, "seed": split}
                    merge(spec, json.loads(options.spec))
                    scores[name].append(ours(service, spec, parts, of_classes)[0])
            for name in names:
                word = verdict(scores["auto"], scores[name])
                count, total = counts[name], totals[name]
                for place in (count, total):
                    place[0] += "better" in word
                    place[1] += "below" in word
                count[2].append(statistics.fmean(scores["auto"]) - statistics.fmean(scores[name]))
                total[2] += 1
        cells = [f"{better} better, {below} below, {statistics.fmean(means):+.4f}"
                 for better, below, means in counts.values()]
        print(f"| {activation} | " + " | ".join(cells) + " |", flush=True)
    print("| of all | " + " | ".join(f"{better} better, {below} below, of {count}"
                                     for better, below, count in totals.values()) + " |")


def chosen(options):
    only = set(filter(None, options.only.split(",")))
    return [table for table in tables() if not only or table[0] in only]


def merge(document, change):
    for name, value in change.items():
        if isinstance(value, dict) and isinstance(document.get(name), dict):
            merge(document[name], value)
        else:
            document[name] = value
    return document


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--service", required=True)
    arguments.add_argument("--splits", type=int, default=10)
    arguments.add_argument("--quick", action="store_true", help="three splits, for a first look")
    arguments.add_argument("--only", default="", help="names of data sets, by commas")
    arguments.add_argument("--spec", default="{}", help="members beside those of the shortest document")
    arguments.add_argument("--initializers", help="compare the default with these instead, by commas")
    arguments.add_argument("--activations", default="relu,tanh,silu,gelu,parametric_sigmoid,network")
    options = arguments.parse_args()
    splits = 3 if options.quick else options.splits
    if options.initializers:
        with Service(options.service) as service:
            compare_initializers(service, options, splits)
        return
    began = time.monotonic()
    print("| data | rows × columns | score | Curvesmith | scikit-learn | difference ± s.e. | |"
          " standardised | difference ± s.e. | | seconds, ours and theirs |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with Service(options.service) as service:
        for name, inputs, targets in chosen(options):
            of_classes = targets.dtype.kind in "US"
            scores, seconds = {"ours": [], "raw": [], "scaled": []}, [0.0, 0.0]
            for split in range(splits):
                parts = train_test_split(
                    inputs, targets, test_size=0.2, random_state=split, stratify=targets if of_classes else None)
                spec = merge({"data": {"target": "y"}, "activation": "relu"}, json.loads(options.spec))
                if split:
                    spec["seed"] = split
                start = time.monotonic()
                scores["ours"].append(ours(service, spec, parts, of_classes)[0])
                seconds[0] += time.monotonic() - start
                start = time.monotonic()
                scores["raw"].append(theirs(parts, of_classes, split, scaled=False))
                seconds[1] += time.monotonic() - start
                scores["scaled"].append(theirs(parts, of_classes, split, scaled=True))
            mean = {key: statistics.fmean(values) for key, values in scores.items()}
            print(f"| {name} | {inputs.shape[0]} × {inputs.shape[1]} | {'accuracy' if of_classes else 'R²'} |"
                  f" {mean['ours']:.4f} | {mean['raw']:.4f} | {verdict(scores['ours'], scores['raw'])} |"
                  f" {mean['scaled']:.4f} | {verdict(scores['ours'], scores['scaled'])} |"
                  f" {seconds[0]:.1f}, {seconds[1]:.1f} |", flush=True)
    print(f"\n{splits} splits; {time.monotonic() - began:.0f} s in all.")


if __name__ == "__main__":
    main()
