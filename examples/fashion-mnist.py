#!/usr/bin/env python3
"""Turns the IDX files of Debian's package dataset-fashion-mnist into two arrays, images.npy and labels.npy, in a folder."""
import gzip
import pathlib
import struct
import sys

NAMES = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"]


def idx(path):
    """The sizes and the octets of an IDX file."""
    data = gzip.open(path).read()
    dimensions = data[3]
    return struct.unpack(f">{dimensions}I", data[4:4 + 4 * dimensions]), data[4 + 4 * dimensions:]


def write(path, shape, octets):
    """An array of unsigned octets in NumPy's format, version 1.0."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + octets)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: fashion-mnist.py FOLDER [SOURCE]\n  apt-get install dataset-fashion-mnist gives the source")
    folder = pathlib.Path(sys.argv[1])
    source = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "/usr/share/datasets/fashion-mnist")
    found = {name: next(source.rglob(f"train-{name}*"), None) for name in ("images", "labels")}
    if None in found.values():
        sys.exit(f"{source} has no train-images and train-labels; install Debian's package dataset-fashion-mnist")
    folder.mkdir(parents=True, exist_ok=True)
    (count, height, width), pixels = idx(found["images"])
    write(folder / "images.npy", (count, height, width, 1), pixels)
    (count,), labels = idx(found["labels"])
    write(folder / "labels.npy", (count,), labels)
    print(f"{count} images of {height} x {width} in {folder}; the classes 0 to 9 are {', '.join(NAMES)}")


main()
