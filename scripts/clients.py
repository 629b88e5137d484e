"""Uses the clients that scripts/clients generated against a running service, whose address is the argument."""

import importlib
import pkgutil
import sys

import curvesmith_client
import curvesmith_models
from curvesmith_client import Client, models
from curvesmith_client.api.catalogue import analyze_activation, get_activation, list_activations, list_strategies
from curvesmith_client.api.jobs import cancel_job, create_job, delete_job, get_job, list_jobs, validate_job
from curvesmith_client.api.results import get_job_activations, get_job_metrics, predict
from curvesmith_client.api.service import get_limits, get_version, index, live, ready

SPECIFICATION = {
    "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]] * 10, "targets": ["no", "yes", "yes", "no"] * 10},
    "model": {"layers": [{"type": "dense", "units": 4}, {"type": "swiglu", "units": 4}, {"type": "batch_norm"}]},
    "activation": {"strategy": "parametric", "function": "prelu", "granularity": "unit"},
    "training": {"epochs": 5, "optimizer": {"name": "adam", "learning_rate": 0.01}, "batch_size": "full"},
}


def expect(response, status, kind):
    """The content of a response that has this status and was read as this type."""
    name = type(response.parsed).__name__
    if response.status_code != status or name != kind:
        sys.exit(f"clients: got {int(response.status_code)} {name}, wanted {status} {kind}: {response.content[:500]}")
    return response.parsed


def main(client):
    modules = [m.name for m in pkgutil.walk_packages(curvesmith_client.__path__, "curvesmith_client.")]
    for name in modules:
        importlib.import_module(name)

    specification = models.JobSpecification.from_dict(SPECIFICATION)
    expect(validate_job.sync_detailed(client=client, body=specification), 200, "Validation")
    job = expect(create_job.sync_detailed(client=client, body=specification, prefer="wait=60"), 200, "Job")
    if job.status != "succeeded":
        sys.exit(f"clients: the job is {job.status}")
    expect(get_job.sync_detailed(job.id, client=client), 200, "Job")
    expect(list_jobs.sync_detailed(client=client, limit=5), 200, "JobList")
    expect(get_job_metrics.sync_detailed(job.id, client=client), 200, "Metrics")
    learned = expect(get_job_activations.sync_detailed(job.id, client=client, points=5), 200, "TrainedActivations")
    if not learned.layers:
        sys.exit("clients: no learned activation")
    rows = models.PredictionRequest.from_dict({"inputs": [[0, 1], {"x1": 1, "x2": 1}]})
    answer = expect(predict.sync_detailed(job.id, client=client, body=rows), 200, "Predictions")
    if len(answer.predictions) != 2:
        sys.exit("clients: not one prediction for each row")
    wrong = models.JobSpecification.from_dict({"data": {}, "activation": "rleu"})
    problem = expect(create_job.sync_detailed(client=client, body=wrong), 422, "Problem")
    if problem.code != "invalid_specification" or not problem.errors:
        sys.exit("clients: the faults of a specification are not read")
    expect(cancel_job.sync_detailed(job.id, client=client), 409, "Problem")
    expect(list_activations.sync_detailed(client=client), 200, "ActivationList")
    expect(get_activation.sync_detailed("relu", client=client), 200, "Activation")
    expect(analyze_activation.sync_detailed(client=client, body="relu"), 200, "AnalyzedActivation")
    expect(list_strategies.sync_detailed(client=client), 200, "StrategyList")
    expect(get_limits.sync_detailed(client=client), 200, "Limits")
    expect(get_version.sync_detailed(client=client), 200, "Version")
    for text in [live, ready, index]:
        expect(text.sync_detailed(client=client), 200, "str")
    if delete_job.sync_detailed(job.id, client=client).status_code != 204:
        sys.exit("clients: the job is not deleted")

    # The other generator's types read what the service writes.
    curvesmith_models.Job.model_validate(job.to_dict())
    curvesmith_models.JobSpecification.model_validate(SPECIFICATION)
    print(f"clients: {len(modules)} generated modules are imported, and every operation with JSON was used")


with Client(base_url=sys.argv[1]) as service:
    main(service)
