"""Along a route: on to the next offer only where the former provably cost nothing."""

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    ConfigError,
    DownloadError,
    NegotiationError,
    ProviderError,
    TaskFailedError,
    WaitTimeoutError,
)
from anyvideo.planning.candidates import plan_candidates
from anyvideo.run.records import explain_failure
from anyvideo.run.route import RemainingPlans, submit_next
from anyvideo.tasks.report import TaskError
from anyvideo.tasks.task import Task
from tests.acme.adapter import OFFERS, ORIGIN, Acme
from tests.acme.clients import JOB, KEY, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse

PROVIDERS = {name: {"api_key": KEY} for name in ("acme", "beta")}
ROUTE = {"models": ["acme/acme-1", "beta/acme-1"]}
CONFIG = {"providers": PROVIDERS, "routes": {"hero": ROUTE}}
FAILED = {"id": "task-1", "status": "failed", "error": {"message": "gpu on fire"}}


@pytest.fixture
def target(tmp_path):
    return tmp_path / "fox.mp4"


def make_vendor(first=OFFERS, second=OFFERS):
    return Vendor(plugin=Plugin(Acme("acme", first), Acme("beta", second)))


def list_hosts(vendor):
    return [call.url.host.split(".")[1] for call in vendor.posts]


REFUSALS = {
    "refused": lambda _: refuse(400, "nsfw content"),
    "no money": lambda _: refuse(402),
    "gone": lambda _: refuse(404, "model not found"),
}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("operation", ["submit", "generate"])
def test_a_refusal_before_a_task_existed_leads_on(kind, target, answer, operation):
    vendor = make_vendor()
    vendor.plan("submit", answer)
    with open_client(kind, vendor, CONFIG) as client:
        if operation == "submit":
            assert client.submit(JOB, "hero").provider == "beta"
        else:
            assert client.generate(JOB, target, "hero").task.provider == "beta"

    assert list_hosts(vendor) == ["acme", "beta"]
    assert "beta/acme-1" in [event.details.get("next") for event in vendor.plugin.events]


def test_a_host_that_cannot_be_reached_leads_on(kind, target):
    vendor = make_vendor()
    vendor.plan("submit", *[httpx.ConnectError("refused")] * 5)
    with open_client(kind, vendor, CONFIG) as client:
        assert client.generate(JOB, target, "hero").task.provider == "beta"


def test_a_provider_without_a_key_leads_on(kind, target):
    config = {**CONFIG, "providers": {**PROVIDERS, "acme": {"api_key": {"env": "NONE"}}}}
    with open_client(kind, make_vendor(), config) as client:
        assert client.generate(JOB, target, "hero").task.provider == "beta"


def test_a_task_that_failed_for_free_leads_on(kind, target):
    vendor = make_vendor()
    vendor.plan("status", FAILED)
    with open_client(kind, vendor, CONFIG) as client:
        video = client.generate(JOB, target, "hero", key="order-7")
        rows = {row.ref: row for row in client.session.journal.entries()}

    assert (video.task.provider, list_hosts(vendor)) == ("beta", ["acme", "beta"])
    assert (rows["order-7"].state, rows["order-7"].counts) == ("failed", False)
    assert rows["order-7/2"].state == "succeeded"


def test_a_repeated_call_walks_the_same_way_and_pays_nothing(kind, target, tmp_path):
    vendor = make_vendor()
    vendor.plan("status", FAILED)
    for name in ("one.mp4", "two.mp4"):
        with open_client(kind, vendor, CONFIG, journal=tmp_path / "j.sqlite") as client:
            assert client.generate(JOB, tmp_path / name, "hero", key="order-7").task.id == "task-2"

    assert len(vendor.posts) == 2


@pytest.mark.parametrize(
    "offers",
    [
        OFFERS.replace("failures_billed = false", "failures_billed = true"),
        OFFERS.replace("failures_billed = false", ""),
    ],
    ids=["billed", "nobody knows"],
)
def test_a_failure_that_may_cost_something_ends_it(kind, target, offers):
    vendor = make_vendor(offers)
    vendor.plan("status", FAILED)
    with (
        open_client(kind, vendor, CONFIG) as client,
        pytest.raises(TaskFailedError, match="acme: task task-1 failed: gpu on fire") as caught,
    ):
        client.generate(JOB, target, "hero")

    assert read_task(caught).status == "failed"
    assert len(vendor.posts) == 1


@pytest.mark.parametrize("status", ["cancelled", "expired"])
def test_an_end_that_is_no_failure_ends_it(kind, target, status):
    vendor = make_vendor()
    vendor.plan("status", {"id": "task-1", "status": status})
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(TaskFailedError):
        client.generate(JOB, target, "hero")

    assert len(vendor.posts) == 1


@pytest.mark.parametrize(
    ("operation", "answer", "error"),
    [
        ("submit", lambda _: refuse(502), AmbiguousSubmitError),
        ("submit", lambda _: httpx.ReadTimeout("slow"), AmbiguousSubmitError),
        ("status", lambda _: refuse(401), ProviderError),
        ("file", lambda _: httpx.Response(200, content=b"\0" * 99), DownloadError),
    ],
    ids=["502", "time-out", "poll", "download"],
)
def test_what_may_have_cost_something_ends_it_with_the_handle(
    kind, target, operation, answer, error
):
    vendor = make_vendor()
    vendor.plan(operation, answer)
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(error) as caught:
        client.generate(JOB, target, "hero")

    assert read_task(caught).ref
    assert list_hosts(vendor) == ["acme"]


def test_a_time_out_ends_it_with_the_handle(kind, target):
    vendor = make_vendor()
    vendor.polls = 9999
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(WaitTimeoutError) as caught:
        client.generate(JOB, target, "hero", timeout=500)

    assert (read_task(caught).id, list_hosts(vendor)) == ("task-1", ["acme"])


def test_ctrl_c_while_waiting_carries_the_handle(target):
    vendor = make_vendor()
    vendor.plan("status", KeyboardInterrupt())
    with open_client("sync", vendor, CONFIG) as client, pytest.raises(KeyboardInterrupt) as caught:
        client.generate(JOB, target, "hero")

    assert read_task(caught).id == "task-1"


def test_the_last_refusal_is_the_answer(kind, target):
    vendor = make_vendor()
    vendor.plan("submit", refuse(400, "first"), refuse(400, "second"))
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(ProviderError, match="second"):
        client.generate(JOB, target, "hero")


def test_the_last_failure_is_the_answer(kind, target):
    vendor = make_vendor()
    vendor.plan("status", FAILED, {"id": "task-2", "status": "failed"})
    with (
        open_client(kind, vendor, CONFIG) as client,
        pytest.raises(TaskFailedError, match="beta: task task-2 failed: no reason given"),
    ):
        client.generate(JOB, target, "hero")


def test_without_a_route_only_the_best_is_tried(kind, target):
    vendor = make_vendor()
    vendor.plan("submit", refuse(400))
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(ProviderError):
        client.generate(JOB, target, "acme-1")

    assert len(vendor.posts) == 1


def test_a_chain_costs_at_most_what_the_route_allows(kind, target):
    dear = OFFERS.replace('"0.10"', '"0.30"')
    config = {**CONFIG, "routes": {"hero": {**ROUTE, "max_cost": "0.50"}}}
    vendor = make_vendor(second=dear)
    vendor.plan("status", FAILED)
    with open_client(kind, vendor, config) as client, pytest.raises(TaskFailedError):
        client.generate(JOB, target, "hero")
    assert list_hosts(vendor) == ["acme"]

    vendor = make_vendor(dear, dear)
    with (
        open_client(kind, vendor, config) as client,
        pytest.raises(NegotiationError, match=r"0\.50"),
    ):
        client.generate(JOB, target, "hero")


def test_a_reviewed_plan_is_the_only_candidate(kind, target):
    vendor = make_vendor()
    vendor.plan("submit", refuse(400))
    with open_client(kind, vendor, CONFIG) as client:
        plan = client.plan(JOB, "hero")
        with pytest.raises(ProviderError):
            client.generate(plan, target)
        assert client.generate(plan, target).task.provider == "acme"


def test_the_caller_sees_every_change(kind, target):
    vendor, seen = make_vendor(), list[Task]()
    vendor.plan("status", FAILED)
    with open_client(kind, vendor, CONFIG) as client:
        client.generate(JOB, target, "hero", seen.append)

    assert [(task.provider, str(task.status)) for task in seen] == [
        ("acme", "queued"),
        ("acme", "failed"),
        ("beta", "queued"),
        ("beta", "succeeded"),
    ]


def test_an_error_that_carries_a_job_is_no_refusal(kind, target, monkeypatch):
    from anyvideo.run import route

    def submit(*args, **options):
        raise ConfigError("odd") if not options else _with_task(ConfigError("odd"))
        yield

    monkeypatch.setattr(route, "submit", submit)
    with open_client(kind, make_vendor(), CONFIG) as client, pytest.raises(ConfigError) as caught:
        client.generate(JOB, target, "hero")

    assert read_task(caught).id == "task-1"


def _with_task(error):
    error.task = Task("acme", "acme", ORIGIN, "task-1", "acme-1")
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TaskError("server", "605", "out of order"), "out of order"),
        (TaskError("server", "605"), "605"),
        (TaskError("content_policy"), "content_policy"),
        (None, "no reason given"),
    ],
)
def test_a_failure_is_said_as_well_as_it_is_known(error, said):
    task = Task("acme", "acme", ORIGIN, "task-1", "acme-1", "failed", error=error)

    assert str(explain_failure(task)) == f"acme: task task-1 failed: {said}"
    assert explain_failure(evolve(task)).task == task


def test_the_next_attempt_is_not_made_after_a_failure_that_is_billed(target):
    vendor = make_vendor(OFFERS.replace("failures_billed = false", "failures_billed = true"))
    vendor.plan("status", FAILED)
    with open_client("sync", vendor, CONFIG) as client:
        with pytest.raises(TaskFailedError):
            client.generate(JOB, target, "hero", key="fox")
        plans = plan_candidates(client.session, JOB, "hero")
        remaining = RemainingPlans(client.session, plans)
        with pytest.raises(TaskFailedError, match="is billed too"):
            client._run(submit_next(remaining, "fox", str(target)))  # noqa: SLF001 (as a fleet does)
    assert len(vendor.posts) == 1


@pytest.mark.parametrize("said", ["", "the connection was refused."])
def test_a_job_that_was_never_created_is_not_said_to_be_billed(said):
    error = TaskError(None, None, said)
    task = Task("acme", "acme", "https://x", "", "acme-1", status="failed", error=error)

    why = said.rstrip(".") or "the submit was interrupted"
    assert str(explain_failure(task)) == f"acme: no job was created, and none is billed: {why}"


@pytest.mark.parametrize("operation", ["submit", "generate"])
def test_each_plan_is_announced_with_what_ended_the_one_before(kind, target, operation):
    vendor, seen = make_vendor(), []
    vendor.plan("submit", refuse(402))
    with open_client(kind, vendor, CONFIG) as client:
        options = {"on_plan": lambda plan, error: seen.append((plan.offer.name, error))}
        if operation == "submit":
            client.submit(JOB, "hero", **options)
        else:
            client.generate(JOB, target, "hero", **options)

    assert [name for name, _ in seen] == ["acme/acme-1", "beta/acme-1"]
    assert seen[0][1] is None
    assert isinstance(seen[1][1], ProviderError)


def test_a_task_that_failed_is_what_ended_the_one_before(kind, target):
    vendor, seen = make_vendor(), []
    vendor.plan("status", FAILED)
    with open_client(kind, vendor, CONFIG) as client:
        client.generate(JOB, target, "hero", on_plan=lambda _, error: seen.append(str(error)))

    assert seen == ["None", "acme: task task-1 failed: gpu on fire; a failed job is free"]


def test_a_plan_that_is_refused_by_the_caller_leads_on(kind, target):
    def refuse_first(plan, error):
        if error is None:
            message = "not this one"
            raise NegotiationError(message)

    vendor = make_vendor()
    with open_client(kind, vendor, CONFIG) as client:
        assert client.generate(JOB, target, "hero", on_plan=refuse_first).task.provider == "beta"
    assert list_hosts(vendor) == ["beta"]


def test_any_other_error_of_the_caller_ends_the_call(kind, target):
    def stop(plan, error):
        message = "no"
        raise BudgetError(message)

    vendor = make_vendor()
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(BudgetError):
        client.submit(JOB, "hero", on_plan=stop)
    assert vendor.posts == []


def test_a_job_that_was_sent_before_is_not_announced(kind, target):
    vendor, seen = make_vendor(), []
    with open_client(kind, vendor, CONFIG) as client:
        for _ in range(2):
            client.submit(JOB, "hero", key="k", on_plan=lambda plan, _: seen.append(plan))

    assert len(seen) == len(vendor.posts) == 1


def test_the_last_error_carries_the_earlier_ones(kind, target):
    vendor = make_vendor()
    vendor.plan("submit", refuse(402), refuse(400, "nsfw content"))
    with open_client(kind, vendor, CONFIG) as client, pytest.raises(ProviderError) as caught:
        client.generate(JOB, target, "hero")

    (earlier,) = caught.value.earlier
    assert str(earlier).startswith("acme: ")
    assert caught.value.provider == "beta"
    assert caught.value.__notes__ == [f"before that: {earlier}"]


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_timeout_is_above_0_or_nothing_is_sent(kind, target, timeout):
    vendor = make_vendor()
    with open_client(kind, vendor, CONFIG) as client:
        with pytest.raises(ConfigError, match="it takes a number of seconds above 0"):
            client.generate(JOB, target, "hero", timeout=timeout)
        task = client.submit(JOB, "hero")
        with pytest.raises(ConfigError, match="above 0"):
            client.wait(task, timeout=timeout)

    assert len(vendor.posts) == 1
