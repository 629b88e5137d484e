"""A Curvesmith of a script's own: on a free port, with a temporary directory, spoken to over HTTP."""
import http.client
import json
import re
import secrets
import shutil
import subprocess
import tempfile


class Service:
    """Starts the binary; as a context manager it ends the process and removes its directory."""

    def __init__(self, binary, workers=1, options=(), log=None, level="error"):
        """`workers` None takes the service's default; `options` go to it; `log` is a file for what it logs at `level` and above."""
        self.directory = tempfile.mkdtemp(prefix="curvesmith-")
        self.process = subprocess.Popen(
            [binary, "serve", "--port", "0", "--data-dir", f"{self.directory}/store",
             *(["--workers", str(workers)] if workers else []), "--log-level", level, *options], stdout=subprocess.PIPE, stderr=log, text=True)
        self.connection = None
        # With TLS a second line names the port that speaks in clear.
        ports = {}
        for line in self.process.stdout:
            ports.update({scheme: int(port) for scheme, port in re.findall(r"(https?)://[^ /]*:(\d+)", line)})
            if "http" in ports:
                self.port = ports["http"]
                self.main_port = ports.get("https", self.port)
                return
        raise RuntimeError("the service did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def send(self, method, path, body=None, **fields):
        """One request over the kept connection, which is opened again when the service has closed it."""
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        for attempt in (1, 2):
            try:
                self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=900)
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return answer.status, json.loads(answer.read() or b"null")
            except (http.client.HTTPException, ConnectionError):
                self.connection = None
                if attempt == 2:
                    raise

    def train(self, spec, table):
        """Submits a table as a form and waits for the job's end; gives the job, or the problem of a refusal."""
        boundary = secrets.token_hex(16)
        parts = [
            ("spec", "spec.json", "application/json", json.dumps(spec).encode()),
            ("data", "data.csv", "text/csv", table),
        ]
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
            f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n" for name, file, kind, content in parts
        ) + f"--{boundary}--\r\n".encode()
        status, document = self.send(
            "POST", "/v1/jobs", body, Content_Type=f"multipart/form-data; boundary={boundary}", Prefer="wait=60")
        while status < 300 and document["status"] in ("queued", "running", "cancelling"):
            status, document = self.send("GET", f"/v1/jobs/{document['id']}", Prefer="wait=60")
        return document
