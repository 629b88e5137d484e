"""Holds a running Curvesmith to what it promises of event streams, connections, keys and gzip. Called by scripts/streams."""
import argparse
import asyncio
import gzip
import http.client
import json
import multiprocessing
import os
import random
import selectors
import signal
import socket
import statistics
import struct
import subprocess
import tempfile
import threading
import time

from service import Service

# Runs until its time is up, an epoch every few milliseconds at most.
JOB = {
    "data": {"synthetic": {"kind": "two_moons", "rows": 4000}}, "activation": {"strategy": "parametric", "function": "prelu"},
    "model": {"hidden": [16]}, "training": {"epochs": 100000},
}
# An epoch takes about 20 ms.
SLOW = {
    "data": {"synthetic": {"kind": "two_moons", "rows": 20000}}, "activation": {"strategy": "parametric", "function": "prelu"},
    "model": {"hidden": [256, 128]}, "training": {"epochs": 100000, "batch_size": 128},
}
faults = []


def check(holds, text):
    """Says what was looked at and whether it holds."""
    print(f"  {'ok   ' if holds else 'FAULT'} {text}", flush=True)
    if not holds:
        faults.append(text)


def queue(service, document):
    """Submits a job; its identifier."""
    status, job = service.send("POST", "/v1/jobs", json.dumps(document), Content_Type="application/json")
    if status != 202:
        raise RuntimeError(f"no job: {status} {job}")
    return job["id"]


def submit(service, seconds, document=JOB):
    """A job that trains for so many seconds; its identifier, once it runs."""
    job = queue(service, dict(document, limits={"max_seconds": seconds}))
    while service.send("GET", f"/v1/jobs/{job}")[1]["status"] == "queued":
        time.sleep(0.02)
    return job


def stop(service, job):
    """Ends a job, and waits for that."""
    service.send("POST", f"/v1/jobs/{job}/cancel")
    service.send("GET", f"/v1/jobs/{job}", Prefer="wait=30")


def memory(service, name="VmRSS"):
    """KiB of the process."""
    with open(f"/proc/{service.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name))


def settled_memory(service):
    """KiB once a job that has just begun has allocated what it needs."""
    before, now = 0, memory(service)
    while now > before + 256:
        time.sleep(1)
        before, now = now, memory(service)
    return now


def descriptors(service):
    return len(os.listdir(f"/proc/{service.process.pid}/fd"))


def head(path, **fields):
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Accept: text/event-stream"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Reader:
    """Reads one stream of events, and remembers what matters of them."""

    def __init__(self):
        self.places, self.epochs, self.types, self.is_whole = [], [], [], False
        self.status = None

    async def read(self, port, path, until=lambda reader: False, place=None):
        fields = {"Last_Event_ID": place} if place else {}
        incoming, outgoing = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        try:
            outgoing.write(head(path, **fields))
            answer = await incoming.readuntil(b"\r\n\r\n")
            self.status = int(answer.split()[1])
            if self.status != 200:
                return
            text = b""
            while True:
                size = int(await incoming.readuntil(b"\r\n"), 16)
                text += (await incoming.readexactly(size + 2))[:-2]
                if not size:
                    self.is_whole = True
                    return
                *events, text = text.split(b"\n\n")
                for event in events:
                    self.take(event)
                if until(self):
                    # With a reset, as a client that is killed leaves.
                    outgoing.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
        finally:
            outgoing.transport.abort()

    def take(self, event):
        lines = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
        if b"id" in lines:
            self.places.append(lines[b"id"].decode())
        if b"event" in lines:
            self.types.append(lines[b"event"].decode())
            if self.types[-1] == "metrics":
                self.epochs += json.loads(lines[b"data"])["epochs"]

    @property
    def increases(self):
        places = [tuple(map(int, place.split("."))) for place in self.places]
        return all(a[0] <= b[0] and a[1] <= b[1] and a != b for a, b in zip(places, places[1:]))


def many_readers(binary, count):
    print(f"{count} readers of one running job", flush=True)
    with Service(binary, options=["--max-connections", "4096"]) as service:
        job = submit(service, 12 if count > 500 else 6)
        before, files = memory(service), descriptors(service)
        readers = [Reader() for _ in range(count)]

        async def all_of_them():
            peak = 0
            tasks = [asyncio.create_task(reader.read(service.port, f"/v1/jobs/{job}/events")) for reader in readers]
            while not all(task.done() for task in tasks):
                peak = max(peak, memory(service))
                await asyncio.sleep(0.2)
            for task in tasks:
                task.result()
            return peak

        each = (asyncio.run(all_of_them()) - before) / count
        check(all(reader.is_whole and reader.types[-1:] == ["end"] for reader in readers), "every reader sees the end")
        check(all(reader.increases for reader in readers), "every reader's ids increase")
        last = readers[0].epochs[-1:]
        check(all(reader.epochs == list(range(1, 1 + len(reader.epochs))) and reader.epochs[-1:] == last for reader in readers),
              f"every reader sees each of the {last} epochs once")
        check(each <= 64, f"{each:.1f} KiB for each connection, 64 at most")
        time.sleep(0.5)
        check(descriptors(service) <= files + 2, "every descriptor is given back")


def never_read(binary, count, waits):
    print(f"{count} readers that never read", flush=True)
    with Service(binary, options=["--max-connections", "4096"]) as service:
        # What is told is much at once and then little, and neither job grows by itself.
        ended = submit(service, 3)
        service.send("GET", f"/v1/jobs/{ended}", Prefer="wait=30")
        job = submit(service, 150, SLOW)
        before, files = settled_memory(service), descriptors(service)
        sockets = []
        for _ in range(count):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", service.port))
            client.sendall(head(f"/v1/events?jobs={ended},{job}&types=activations,metrics&activations_seconds=0"))
            sockets.append(client)
        # Accepted, all of them: only then can it be seen that they are closed.
        deadline = time.monotonic() + 30
        while descriptors(service) < files + count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{descriptors(service) - files} of {count} readers were accepted")
            time.sleep(0.05)
        begun, peak = time.monotonic(), before
        while time.monotonic() < begun + (150 if waits else 5):
            peak = max(peak, memory(service))
            if descriptors(service) <= files + 2:
                break
            time.sleep(0.25)
        took = time.monotonic() - begun
        # Read once for all readers: the jobs' histories and a state of the model.
        each = max(0, peak - before - 8 * 1024) / count
        check(each <= 128, f"{each:.1f} KiB for each at most: 64 that wait, and the next event ({peak - before} in all)")
        if waits:
            _, limits = service.send("GET", "/v1/limits")
            stated = limits["connections"]["write_stall_seconds"]
            # The time begins when the kernel's buffers are full.
            check(descriptors(service) <= files + 2 and took >= stated,
                  f"all are closed after {took:.0f} s; stated are {stated} s without taking anything")
        begun = time.monotonic()
        status, _ = service.send("GET", f"/v1/jobs/{job}")
        took = time.monotonic() - begun
        check(status == 200 and took < 0.1, f"another client is answered in {took * 1000:.1f} ms")
        for client in sockets:
            client.close()
        stop(service, job)


def drain(port, path, count, told):
    """Reads streams to their ends as cheaply as can be; sends a word when all are open, and at the end the processor's seconds."""
    chooser = selectors.DefaultSelector()
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(head(path))
        client.recv(65536)
        chooser.register(client, selectors.EVENT_READ)
    told.send("open")
    received = 0
    while chooser.get_map():
        for key, _ in chooser.select():
            piece = key.fileobj.recv(65536)
            received += len(piece)
            if not piece or piece.endswith(b"0\r\n\r\n"):
                chooser.unregister(key.fileobj)
                key.fileobj.close()
    told.send((time.process_time(), received))


def processor_seconds(service):
    """By the names of the service's threads, those that train and those that have a number as one."""
    seconds = {}
    tasks = f"/proc/{service.process.pid}/task"
    for task in os.listdir(tasks):
        with open(f"{tasks}/{task}/stat") as stat:
            name, fields = stat.read().split(" (", 1)[1].rsplit(")", 1)
        name = name.rstrip("0123456789-.")
        seconds[name] = seconds.get(name, 0) + sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return seconds


def slowed(binary, count):
    """Prints how much readers slow the training that they follow; a figure, which depends on the machine."""
    print(f"training followed by {count} readers on {os.cpu_count()} processors", flush=True)
    with Service(binary, workers=None, options=["--max-connections", "4096"]) as service:
        _, limits = service.send("GET", "/v1/limits")
        workers = limits["jobs"]["workers"]

        def train(epochs, readers):
            """Seconds of training, and of the processor by whom."""
            # Nobody connects while it trains: other jobs keep it in the queue until all do.
            others = [submit(service, 60) for _ in range(workers)]
            job = queue(service, dict(SLOW, training=dict(SLOW["training"], epochs=epochs)))
            mine, theirs = multiprocessing.Pipe()
            reading = multiprocessing.Process(target=drain, args=(service.port, f"/v1/jobs/{job}/events", readers, theirs))
            reading.start()
            mine.recv()
            for other in others:
                stop(service, other)
            before = processor_seconds(service)
            document = {"status": "queued"}
            while document["status"] in ("queued", "running"):
                document = service.send("GET", f"/v1/jobs/{job}", Prefer="wait=60")[1]
            after = processor_seconds(service)
            spent = {name: after[name] - before.get(name, 0) for name in after}
            spent["readers"], received = mine.recv()
            reading.join()
            return document["result"]["training_seconds"], spent, received

        epochs = max(1, round(10 / (train(50, 0)[0] / 50)))
        ratios = []
        for _ in range(7):
            alone, quiet, _ = train(epochs, 0)
            followed, spent, received = train(epochs, count)
            ratios.append(followed / alone)
            more = ", ".join(
                f"{name} {seconds - quiet.get(name, 0):+.2f}" for name, seconds in sorted(spent.items())
                if abs(seconds - quiet.get(name, 0)) >= 0.01)
            print(f"       {epochs} epochs in {alone:.2f} s alone, {followed:.2f} s followed ({received >> 20} MiB told); "
                  f"processor seconds more: {more}", flush=True)
        print(f"       training takes {100 * (statistics.median(ratios) - 1):+.1f} % with {count} readers, who compute on the same processors",
              flush=True)


def resume(binary, times):
    print(f"a reader killed and resumed {times} times", flush=True)
    with Service(binary) as service:
        job = submit(service, 300)
        path = f"/v1/jobs/{job}/events"
        chance = random.Random(7)
        reader = Reader()

        async def all_of_it():
            for _ in range(times):
                wanted = len(reader.types) + chance.randint(1, 4)
                await reader.read(service.port, path, lambda r: len(r.types) >= wanted, reader.places[-1] if reader.places else None)
            await asyncio.to_thread(stop, service, job)
            await reader.read(service.port, path, place=reader.places[-1])
            after = Reader()
            await after.read(service.port, path, place=reader.places[-1])
            check(after.status == 204, f"who has seen the end is told that nothing follows: {after.status}")

        asyncio.run(all_of_it())
        check(reader.epochs == list(range(1, len(reader.epochs) + 1)), f"each of {len(reader.epochs)} epochs comes once, in order")
        check(reader.types.count("end") == 1, "the end comes once")


def odd_clients(binary):
    print("odd clients", flush=True)
    with Service(binary) as service:
        job = submit(service, 60)
        path = f"/v1/jobs/{job}/events"

        def raw(octets, until=None, seconds=10):
            """All that is answered until the connection closes, or until a text has come."""
            with socket.create_connection(("127.0.0.1", service.port), timeout=seconds) as client:
                client.sendall(octets)
                answer = b""
                while not (until and until in answer):
                    try:
                        piece = client.recv(65536)
                    except TimeoutError:
                        break
                    if not piece:
                        break
                    answer += piece
                return answer

        answer = raw(head(path).replace(b"GET", b"HEAD", 1) + b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        check(answer.count(b"HTTP/1.1 200") == 2 and b"event:" not in answer, "HEAD of a stream has no content, and the connection goes on")
        answer = raw(head(path).replace(b"HTTP/1.1", b"HTTP/1.0", 1), until=b"event: metrics")
        check(b"event: metrics" in answer and b"chunked" not in answer.lower(), "HTTP/1.0 gets the stream until the connection closes")
        # A reader who shuts down its sending side is gone, as far as a stream is concerned.
        files = descriptors(service)
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as client:
            client.sendall(head(path))
            client.recv(100)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass
        check(True, "a reader who will send nothing more is let go of")
        second, third = (
            service.send("POST", "/v1/jobs", json.dumps(JOB), Content_Type="application/json")[1]["id"] for _ in range(2))
        queued = Reader()

        async def watch():
            task = asyncio.create_task(queued.read(service.port, f"/v1/jobs/{third}/events"))
            await asyncio.sleep(0.3)
            await asyncio.to_thread(stop, service, second)
            while "queue" not in queued.types and not task.done():
                await asyncio.sleep(0.05)
            await asyncio.to_thread(stop, service, third)
            status, _ = await asyncio.to_thread(service.send, "DELETE", f"/v1/jobs/{third}")
            check(status == 204, "a job that ended is deleted while it is read")
            await asyncio.wait_for(task, 20)

        asyncio.run(asyncio.wait_for(watch(), 60))
        check("queue" in queued.types, "who waits in the queue is told that it moves")
        check(queued.is_whole and queued.types[-1:] == ["end"], f"the reader of a deleted job has a whole stream: {queued.types}")

        ended = Reader()

        async def terminate():
            task = asyncio.create_task(ended.read(service.port, path))
            while "metrics" not in ended.types:
                await asyncio.sleep(0.05)
            service.process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(task, 20)

        asyncio.run(terminate())
        begun = time.monotonic()
        status = service.process.wait(20)
        check(ended.is_whole and "end" not in ended.types, "SIGTERM ends a stream whole, without an end of the job")
        check(status == 0 and time.monotonic() - begun < 10, f"and the service with status {status}")


def crowd(binary, idle, half_open):
    print(f"{idle} idle connections and {half_open} half-open ones", flush=True)
    with Service(binary, options=["--max-connections", "4096"]) as service:
        before = memory(service)
        clients = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(idle + half_open)]
        for client in clients[:idle]:
            client.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for client in clients[idle:]:
            client.sendall(b"GET /v1/jobs HTTP/1.1\r\nHost: local")
        for client in clients[:idle]:
            client.recv(4096)
        worst = slowest(service.port, 200, {})
        each = (memory(service) - before) / len(clients)
        check(worst < 0.1, f"the slowest of 200 new GETs takes {worst * 1000:.1f} ms, 100 at most ({each:.1f} KiB a connection)")
        for client in clients:
            client.close()


def slowest(port, count, fields):
    """Seconds of the slowest of so many GETs, each on a connection of its own."""
    worst = 0
    for _ in range(count):
        begun = time.perf_counter()
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        client.request("GET", "/v1/jobs", headers=fields)
        answer = client.getresponse()
        answer.read()
        client.close()
        worst = max(worst, time.perf_counter() - begun)
        if answer.status != 200:
            raise RuntimeError(f"GET /v1/jobs: {answer.status}")
    return worst


def keys(binary):
    print("bad keys at full speed", flush=True)
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/log", "w+") as log:
        file = f"{folder}/keys.json"
        key = subprocess.run(
            [binary, "keygen", "--name", "streams", "--api-keys-file", file], check=True, capture_output=True, text=True).stdout.strip()
        secrets = [key, key[:-1] + ("a" if key[-1] != "a" else "b"), key[: len(key) // 2], "csk_not_a_key_at_all", "Bearer-in-a-query"]
        with Service(binary, options=["--api-keys-file", file], log=log, level="trace") as service:
            good = {"Authorization": f"Bearer {key}"}
            client = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
            for path in ("/v1/events", "/v1/jobs/job_01kay4w3q5x8r7n2m6t0c9d1ef/events"):
                client.request("GET", path)
                answer = client.getresponse()
                answer.read()
                check(answer.status == 401, f"{path} without a key: {answer.status}")
            alone = slowest(service.port, 200, good)
            ends = time.monotonic() + 3
            sent = [0, 0]

            def attack(number):
                requests = b"".join(
                    f"GET /v1/jobs?access_token=Bearer-in-a-query HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {bad}\r\n\r\n".encode()
                    for bad in secrets[1:4]) * 5
                while time.monotonic() < ends:
                    try:
                        with socket.create_connection(("127.0.0.1", service.port), timeout=5) as client:
                            for _ in range(60):
                                client.sendall(requests)
                                got = 0
                                while got < 15:
                                    answer = client.recv(65536)
                                    if not answer:
                                        break
                                    got += answer.count(b"HTTP/1.1 4")
                                sent[number] += got
                    except OSError:
                        pass

            threads = [threading.Thread(target=attack, args=(number,)) for number in (0, 1)]
            for thread in threads:
                thread.start()
            worst = slowest(service.port, 200, good)
            for thread in threads:
                thread.join()
            check(worst < 0.1, f"beside {sum(sent)} refusals in 3 s the slowest of 200 good ones takes {worst * 1000:.1f} ms "
                  f"({alone * 1000:.1f} without them), 100 at most")
        log.seek(0)
        text = log.read()
        check(len(text) > 1000 and not any(secret in text for secret in secrets), f"no key in {len(text)} characters of log at trace")


def hostile_gzip(binary):
    print("gzip", flush=True)
    body = json.dumps(dict(JOB, limits={"max_seconds": 1})).encode()
    whole = gzip.compress(body)
    broken = bytearray(whole)
    broken[-6] ^= 1
    with Service(binary) as service:
        before = memory(service, "VmHWM")
        for name, content, coding, statuses in (
            ("as it should be", whole, "gzip", (200,)),
            ("of several members", gzip.compress(body[:50]) + gzip.compress(body[50:]), "gzip", (200,)),
            ("under its old name", whole, "x-gzip", (200,)),
            ("cut off", whole[:-9], "gzip", (400,)),
            ("with a wrong checksum", bytes(broken), "gzip", (400,)),
            ("with something behind it", whole + b"more", "gzip", (400,)),
            ("that is none", body, "gzip", (400,)),
            ("that is empty", b"", "gzip", (400,)),
            ("twice", gzip.compress(whole), "gzip, gzip", (415, 400)),
            ("under another name", whole, "br", (415,)),
            ("of 1 GiB in 1 MiB", gzip.compress(bytes(1 << 30), 9), "gzip", (413,)),
            ("of a GiB within gzip", gzip.compress(gzip.compress(bytes(1 << 28), 9), 9), "gzip", (400, 413)),
            ("of a hundred thousand empty members", gzip.compress(b"") * 100_000, "gzip", (400, 413)),
        ):
            begun = time.monotonic()
            status, problem = service.send(
                "POST", "/v1/jobs/validate", content, Content_Type="application/json", Content_Encoding=coding)
            took = time.monotonic() - begun
            check(status in statuses and took < 2, f"a body {name}: {status} {(problem or {}).get('code', '')} in {took * 1000:.0f} ms")
        grown = memory(service, "VmHWM") - before
        check(grown < 256 * 1024, f"all that took {grown / 1024:.0f} MiB at the most")


def mixtures(binary):
    print("TLS and clear text at each other's door", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([binary, "keygen", "--tls", f"{folder}/tls"], check=True, stdout=subprocess.DEVNULL)
        pair = [f"--tls-certificate={folder}/tls/certificate.pem", f"--tls-key={folder}/tls/key.pem", "--plain-port=0"]
        with Service(binary, options=pair) as service:
            for name, port, octets in (
                ("HTTP at the door of HTTPS", service.main_port, b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                ("a handshake at the door of HTTP", service.port, bytes.fromhex("16030102000100") + os.urandom(505)),
            ):
                with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                    client.sendall(octets)
                    answer = b""
                    try:
                        while piece := client.recv(4096):
                            answer += piece
                        ended = True
                    except ConnectionError:
                        ended = True
                    except TimeoutError:
                        ended = False
                check(ended and b" 200 " not in answer, f"{name} is sent away at once: {answer[:40]!r}")
            status = service.send("GET", "/v1/version")[0]
            check(status == 200, "and the next client is served")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--full", action="store_true", help="the promised numbers")
    arguments = parser.parse_args()
    binary, full = arguments.service, arguments.full
    many_readers(binary, 1000 if full else 100)
    never_read(binary, 200 if full else 20, waits=full)
    if full:
        slowed(binary, 1000)
    resume(binary, 100 if full else 20)
    odd_clients(binary)
    crowd(binary, *((2000, 200) if full else (200, 20)))
    keys(binary)
    hostile_gzip(binary)
    mixtures(binary)
    if faults:
        raise SystemExit("streams: " + "; ".join(faults))
    print("streams: all holds")


if __name__ == "__main__":
    main()
