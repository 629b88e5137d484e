"""Reads the page's sections and puts new ones in their places, and sums up the tables of all workloads.

The summary is made from the tables that stand on the page, so that it holds for sections of different runs as well.
"""
import math
import re
import statistics

from performance.contest import OWN
from performance.workloads import PARAMETERS, WORKLOADS, cell_and_function, kind, plain

HTTP = "<!-- HTTP: begin -->"
SUMMARY = "Epochs in short"


def split(page):
    """The page's head, its sections by heading, and the part that another script writes."""
    page, mark, http = page.partition(HTTP)
    head, *sections = re.split(r"^(?=## )", page, flags=re.M)
    return head, {section[3:].split("\n", 1)[0]: section for section in sections}, mark + http


def join(head, sections, http):
    text = "\n\n".join([head.rstrip(), *(section.rstrip() for section in sections.values())]) + "\n"
    return text + (f"\n{http}" if http else "")


def workload_of(heading):
    match = re.match(r"`([^`]+)`:", heading)
    return match and match[1]


def put(sections, new):
    """The sections with those of the new workloads in the places of the old, workloads first and in their order."""
    replaced = {workload_of(heading) for heading in new}
    workloads = {h: s for h, s in sections.items() if workload_of(h) and workload_of(h) not in replaced} | new
    order = list(WORKLOADS)
    known = sorted((h for h in workloads if workload_of(h) in order), key=lambda h: order.index(workload_of(h)))
    others = {h: s for h, s in sections.items() if not workload_of(h) and h != SUMMARY}
    return {SUMMARY: summary(workloads), **{h: workloads[h] for h in known}, **others}


def times(section):
    """Milliseconds of an epoch by variant and contestant, read from a workload's table."""
    rows = re.findall(r"^\| (\w+) \| ([\w-]+) \| (\d+) \| ([\d.]+) \|", section, flags=re.M)
    found = {}
    for variant, who, threads, milliseconds in rows:
        found.setdefault(variant, {})[who, int(threads)] = float(milliseconds)
    return found


def ratios(section, threads=None):
    """Of each variant the best of ours by the best of the peers', with so many threads or any."""
    for contest in times(section).values():
        chosen = {who: [ms for (name, count), ms in contest.items() if (name == OWN) == who and threads in (None, count)]
                  for who in (True, False)}
        if chosen[True] and chosen[False]:
            yield min(chosen[True]) / min(chosen[False])


def costs(name, section):
    """Of each variant that has one to be compared with: its best epoch by that of the same network with a fixed activation."""
    best = {variant: min(ms for (who, _), ms in contest.items() if who == OWN) for variant, contest in times(section).items()}
    for variant, milliseconds in best.items():
        base = plain(WORKLOADS[name], variant)
        if base in best and base != variant:
            yield variant, base, milliseconds / best[base]


def geometric_mean(values):
    return math.exp(statistics.mean(map(math.log, values)))


def span(values):
    return f"{geometric_mean(values):.2f}× ({min(values):.2f}× to {max(values):.2f}×)" if values else "–"


def summary(sections):
    lines = [
        f"## {SUMMARY}", "",
        "Of each workload below the epoch of Curvesmith as a multiple of the best peer's: the geometric mean over the "
        "activations, and the least and the most; with the best number of threads of either, and with one thread against one. "
        "What learned activations cost is Curvesmith's epoch as a multiple of its own epoch of the same network with ReLU or "
        "tanh.", "",
        "JAX compiles an epoch as a scan over batches, its convolutions as products of windows laid out as rows, its recurrences "
        "as scans over time. PyTorch runs eagerly; a recurrence with tanh is its own layer, any other a loop over the steps.", "",
        "Equal final losses show that equal work was done. With ReLU and max pooling they part in the third or fourth digit, "
        "for what rounding decides at a kink or between two maxima grows.", "",
        "| workload | activations | best against best | one thread against one | learned activations cost |",
        "|---|---|---|---|---|"]
    groups = {}
    for heading, section in sections.items():
        name = workload_of(heading)
        if name not in WORKLOADS:
            continue
        learned = [cost for variant, _, cost in costs(name, section) if cell_and_function(variant)[1] in PARAMETERS
                   or variant in PARAMETERS]
        row = (list(ratios(section)), list(ratios(section, threads=1)), learned)
        groups.setdefault(kind(WORKLOADS[name]["network"]), {})[name] = row
    whole = ([], [], [])
    for group, members in groups.items():
        total = ([], [], [])
        for name, row in members.items():
            lines.append(f"| `{name}` | {len(row[0])} | {' | '.join(map(span, row))} |")
            for values, more in zip((*total, *whole), (*row, *row)):
                values += more
        lines.append(f"| *all {group}* | {len(total[0])} | {' | '.join(map(span, total))} |")
    lines.append(f"| *all* | {len(whole[0])} | {' | '.join(map(span, whole))} |")
    return "\n".join(lines)
