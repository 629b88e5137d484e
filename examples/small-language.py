#!/usr/bin/env python3
"""Prints a job that learns the next character of a small generated language, character by character: an embedding and a
GRU, with a target for every step."""
import json
import random

random.seed(1)
NAMES, VERBS, THINGS = ["anna", "ben", "clara"], ["sees", "has", "wants"], ["a cat", "two dogs", "no hat"]


def sentence():
    text = f"{random.choice(NAMES)} {random.choice(VERBS)} {random.choice(THINGS)}"
    return text + (f" and {sentence()}" if random.random() < 0.2 else ".")


texts = [sentence()[:60] for _ in range(600)]
letters = sorted(set("".join(texts)))
tokens = {letter: number for number, letter in enumerate(letters)}
print(json.dumps({
    "name": "small language",
    "data": {
        "inputs": [[tokens[letter] for letter in text[:-1]] for text in texts],
        "targets": [list(text[1:]) for text in texts],
        "validation_fraction": 0.2,
    },
    "task": "multiclass",
    "activation": {"strategy": "parametric", "function": "parametric_tanh", "granularity": "unit"},
    "model": {"layers": [
        {"type": "embedding", "input_dim": len(letters), "output_dim": 8},
        {"type": "gru", "units": 32, "return_sequences": True},
    ]},
    "training": {"epochs": 20, "batch_size": 32, "optimizer": {"name": "adam", "learning_rate": 0.01}},
}))
