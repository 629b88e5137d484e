"""What a schema cannot say of Curvesmith's requests, told to schemathesis: each rule makes a request that fits the schema
one that the service promises to take. Whatever does not fit is left as it is."""
import os
import re

import schemathesis
from schemathesis.core import NOT_SET

LISTS = ("status", "types", "include", "jobs", "names")
JOBS = re.compile(r"job_[0-9a-hjkmnp-tv-z]{26}(,job_[0-9a-hjkmnp-tv-z]{26})*", re.ASCII)
WAIT = re.compile(r'(\bwait\s*=\s*"?)([0-9]+)', re.ASCII | re.IGNORECASE)
PLACES = re.compile(r"(job_[0-9a-hjkmnp-tv-z]{26}:[0-9]{1,9}\.[0-9]{1,9},?)+", re.ASCII)


def number(value):
    """The number that a query parameter is; None where it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # "wherever the service needs keys": a service without keys asks for none, and looks at none that is sent.
    if os.environ.get("CURVESMITH_KEYS") == "none":
        raw_schema["components"].pop("securitySchemes", None)
        for path in raw_schema["paths"].values():
            for operation in path.values():
                if isinstance(operation, dict):
                    operation.pop("security", None)


def has_null(document):
    """Whether a member of an object in it is null, which is as good as absent and no fault."""
    if isinstance(document, dict):
        return any(value is None or has_null(value) for value in document.values())
    return isinstance(document, list) and any(map(has_null, document))


@schemathesis.hook
def filter_case(context, case):
    # The events of all jobs go on for ever; scripts/streams reads them.
    if case.operation.path == "/v1/events" and not (case.query or {}).get("jobs"):
        return False
    return not has_null(case.body)


@schemathesis.hook
def before_call(context, case, kwargs):
    # GET with content is refused as malformed before anything asks whether the path has GET (RFC 9110 §9.3.1).
    if case.method.upper() in ("GET", "HEAD"):
        case.body, case.media_type = NOT_SET, None
    # The answer is held for up to a minute where a job takes so long, longer than Schemathesis waits for one.
    for name in case.headers or {}:
        if name.lower() == "prefer":
            case.headers[name] = WAIT.sub(lambda wait: wait[1] + str(min(int(wait[2]), 1)), str(case.headers[name]))
    query = case.query
    if not query:
        return
    # Places are of the jobs that are named.
    jobs = query.get("jobs")
    if case.operation.path == "/v1/events" and isinstance(jobs, str) and JOBS.fullmatch(jobs):
        place = jobs.split(",")[0] + ":1.0"
        for container, name in ((query, "after"), (case.headers or {}, "Last-Event-ID")):
            if PLACES.fullmatch(str(container.get(name, ""))):
                container[name] = place
    # Each word at most once.
    for name in LISTS:
        if isinstance(query.get(name), str):
            query[name] = ",".join(dict.fromkeys(query[name].split(",")))
    # The names of metrics depend on the job.
    if case.operation.path.endswith("/metrics") and isinstance(query.get("names"), str):
        query["names"] = "training_loss"
    # A curve ends beyond its beginning.
    begin, end = number(query.get("from")), number(query.get("to"))
    if begin is not None and end is not None and max(abs(begin), abs(end)) <= 1e6 and begin >= end:
        query["from"], query["to"] = (end, begin) if begin > end else (0, 1)
