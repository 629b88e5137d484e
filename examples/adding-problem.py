#!/usr/bin/env python3
"""Prints a job for the adding problem: of 30 numbers two are marked, and their sum is to be learned (Hochreiter and
Schmidhuber 1997)."""
import json
import random

STEPS, ROWS = 30, 2000
random.seed(1)
inputs, targets = [], []
for _ in range(ROWS):
    numbers = [round(random.random(), 4) for _ in range(STEPS)]
    first, second = random.randrange(STEPS // 2), random.randrange(STEPS // 2, STEPS)
    inputs.append([[number, int(step in (first, second))] for step, number in enumerate(numbers)])
    targets.append(round(numbers[first] + numbers[second], 4))

print(json.dumps({
    "name": "adding problem",
    "data": {"inputs": inputs, "targets": targets, "validation_fraction": 0.2},
    "task": "regression",
    "activation": {"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"},
    "model": {"layers": [{"type": "gru", "units": 32}]},
    "training": {"epochs": 60, "batch_size": 32, "gradient_clip_norm": 1,
                 "optimizer": {"name": "adam", "learning_rate": 0.01}},
}))
