#!/usr/bin/env python3
"""Asks Curvesmith and nginx for the same bytes, turn by turn, with wrk, and writes the rates into a Markdown file.

Called by scripts/benchmark --http. nginx serves what the service answers as files, without access log, with as many workers
as there are processors; both write no log of requests. One thread of wrk holds 64 connections.
"""
import argparse
import http.client
import itertools
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

from service import Service

BEGIN, END = "<!-- HTTP: begin -->", "<!-- HTTP: end -->"
JOB = {
    "data": {"synthetic": {"kind": "xor", "rows": 200}}, "activation": {"strategy": "parametric", "function": "parametric_tanh"},
    "training": {"epochs": 20},
}


def nginx(folder, port, certificate):
    tls = f"ssl_certificate {certificate}/certificate.pem; ssl_certificate_key {certificate}/key.pem; ssl_protocols TLSv1.2 TLSv1.3;" if certificate else ""
    configuration = folder / f"nginx-{port}.conf"
    paths = " ".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration.write_text(
        f"worker_processes {len(os.sched_getaffinity(0))}; daemon off; pid {folder}/pid-{port}; error_log {folder}/errors;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; open_file_cache max=100; {paths}\n"
        f" server {{ listen 127.0.0.1:{port}{' ssl' if certificate else ''}; root {folder}/www; {tls} }} }}\n")
    process = subprocess.Popen(["nginx", "-c", configuration, "-p", folder, "-e", folder / "errors"])
    for _ in range(200):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return process
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("nginx did not start")


# Names each request, so that no two are alike.
NAMES = """
local number = 0
request = function()
  number = number + 1
  return wrk.format(nil, nil, {["X-Request-Id"] = "request-" .. number})
end
"""


def wrk(url, seconds, script=None):
    """Requests a second, and the 99th percentile of the latency in milliseconds."""
    script = ["-s", script] if script else []
    out = subprocess.run(
        ["wrk", "-t1", "-c64", f"-d{seconds}", "--latency", *script, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{url}: {out}")
    latency, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)), float(latency) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def fetch(service, path):
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    connection.request("GET", path)
    return connection.getresponse().read()


def rows(arguments, folder):
    (folder / "www").mkdir()
    names = folder / "names.lua"
    names.write_text(NAMES)
    certificate = folder / "tls"
    subprocess.run([arguments.service, "keygen", "--tls", certificate], check=True, stdout=subprocess.DEVNULL)
    pair = [f"--tls-certificate={certificate}/certificate.pem", f"--tls-key={certificate}/key.pem"]
    for scheme, options, peer_port in (("http", [], arguments.port), ("https", pair + ["--plain-port=0"], arguments.port + 1)):
        with Service(arguments.service, options=options) as service:
            _, job = service.send("POST", "/v1/jobs", json.dumps(JOB), Content_Type="application/json", Prefer="wait=60")
            paths = {"/livez": "livez", f"/v1/jobs/{job['id']}": "job.json", "/v1/activations": "activations.json"}
            for path, file in paths.items():
                (folder / "www" / file).write_bytes(fetch(service, path))
            peer = nginx(folder, peer_port, certificate if scheme == "https" else None)
            try:
                for (path, file), script in itertools.product(paths.items(), (None, names)):
                    ours, theirs = [], []
                    for _ in range(arguments.rounds):
                        ours.append(wrk(f"{scheme}://127.0.0.1:{service.main_port}{path}", arguments.seconds, script))
                        theirs.append(wrk(f"{scheme}://127.0.0.1:{peer_port}/{file}", arguments.seconds, script))
                    name = f"`{scheme} {path.replace(job['id'], '{id}')}`{', all different' if script else ''}"
                    yield name, len((folder / "www" / file).read_bytes()), ours, theirs
            finally:
                peer.terminate()
                peer.wait()


def instruction_set(service):
    version = subprocess.run([service, "version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"avx512|avx2|neon|baseline", version).group()


def section(arguments):
    lines = [
        "## HTTP beside nginx", "",
        f"`scripts/benchmark --http`: medians of {arguments.rounds} rounds of {arguments.seconds} s in which both take turns; wrk with one "
        f"thread and 64 connections on the same machine ({len(os.sched_getaffinity(0))} processors, {instruction_set(arguments.service)}), {time.strftime('%Y-%m-%d')}. "
        "The job has ended; nginx serves the same bytes as files. wrk sends the same octets again and again, as pollers and probes "
        "do, and the service answers those from memory; where the requests are all different each has an `X-Request-Id` of its own.",
        "",
        "| request | bytes | Curvesmith /s | nginx /s | of nginx | p99 ms | nginx p99 ms |", "|---|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        # nginx gives up its rights where it is started with all of them, and must still read the files.
        os.chmod(folder, 0o755)
        for name, size, ours, theirs in rows(arguments, pathlib.Path(folder)):
            rate, peer = (statistics.median(r for r, _ in runs) for runs in (ours, theirs))
            ratio = statistics.median(a / b for (a, _), (b, _) in zip(ours, theirs))
            late, peer_late = (statistics.median(p for _, p in runs) for runs in (ours, theirs))
            lines.append(f"| {name} | {size} | {rate:.0f} | {peer:.0f} | {ratio:.2f} | {late:.1f} | {peer_late:.1f} |")
            print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--port", type=int, default=18080, help="of nginx; the next one for TLS")
    arguments = parser.parse_args()
    text = section(arguments)
    output = pathlib.Path(arguments.output)
    page = output.read_text() if output.exists() else "# Performance\n"
    if BEGIN in page:
        page = page[:page.index(BEGIN)] + page[page.index(END) + len(END):].lstrip("\n")
    output.write_text(page.rstrip("\n") + f"\n\n{BEGIN}\n{text}{END}\n")
    print(f"benchmark: wrote {output}")
