"""`client.map`: many jobs side by side, each once, and each with a result."""

from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo import VideoJob
from anyvideo.batch.batch_run import MapOptions, prepare_run
from anyvideo.batch.lines import JobLine, number_jobs
from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    ConfigError,
    DownloadError,
    JobError,
    NegotiationError,
    ProviderError,
    TaskFailedError,
)
from tests.acme.adapter import OFFERS, Acme
from tests.acme.clients import CONFIG, JOB, KEY, open_client
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, make_film, refuse

FREE = {"id": "task-1", "status": "failed", "error": {"message": "gpu on fire"}}
CHEAP = OFFERS.replace("0.10", "0.05")
EURO = OFFERS.replace(" per", ' currency = "EUR", per')


def make_jobs(count=3):
    return [VideoJob(f"a fox {number}", seconds=4, size="160x120") for number in range(count)]


def run(client, jobs, to, **options):
    return sorted(client.map(jobs, to, "acme/acme-1", **options), key=lambda item: item.number)


def make_route(**prices):
    """A vendor under several names, and the config of a route along them."""
    vendor = Vendor(plugin=Plugin(Acme(), *[Acme(*item) for item in prices.items()]))
    names = ["acme", *prices]
    config = {
        "providers": {name: {"api_key": KEY} for name in names},
        "routes": {"hero": {"models": [f"{name}/acme-1" for name in names]}},
    }
    return vendor, config


def test_each_job_gets_its_file_and_a_second_run_pays_nothing(kind, tmp_path):
    vendor, seen = Vendor(), []
    with open_client(kind, vendor) as client:
        jobs, folder = make_jobs(5), tmp_path / "clips"
        found = run(client, jobs, folder, at_once=2, on_change=lambda *args: seen.append(args))
        assert [item.state for item in found] == ["downloaded"] * 5
        assert found[0].video.path == folder / f"{found[0].key}.mp4"
        assert {line.number for line, _ in seen} == {1, 2, 3, 4, 5}
        found[1].video.path.unlink()
        again = run(client, [VideoJob("new", seconds=4, size="160x120"), *jobs], folder)
    assert len(vendor.posts) == 6
    assert [item.earlier for item in again] == [False, True, False, True, True, True]
    assert {item.key for item in found} < {item.key for item in again}
    assert again[1].video.facts == found[0].video.facts
    assert all(item.video.path.exists() for item in again)


def test_a_job_that_fails_stops_no_other_one(kind, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", refuse(400, "nsfw"))
    jobs = ["", make_jobs()[0], VideoJob("long", seconds=99), *make_jobs()[1:]]
    with open_client(kind, vendor) as client:
        found = run(client, jobs, tmp_path, at_once=1)
        again = run(client, jobs, tmp_path)
    kinds = [type(item.error) for item in found]
    assert kinds == [JobError, ProviderError, NegotiationError, type(None), type(None)]
    states = ["refused", "failed", "refused", "downloaded", "downloaded"]
    assert [item.state for item in found] == [*states[:1], "refused", *states[2:]]
    assert [item.state for item in again] == [*states[:1], "downloaded", *states[2:]]


def test_what_failed_or_is_ambiguous_is_not_sent_again(kind, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", {"id": "task-1", "status": "queued"}, TimeoutError("lost"))
    vendor.plan("status", FREE)
    with open_client(kind, vendor) as client:
        for _ in range(2):
            found = run(client, make_jobs(), tmp_path, at_once=1)
            assert [type(item.error) for item in found] == [
                TaskFailedError, AmbiguousSubmitError, type(None),
            ]  # fmt: skip
            assert [item.state for item in found] == ["failed", "ambiguous", "downloaded"]
    assert len(vendor.posts) == 3


def test_an_error_of_money_ends_what_was_not_begun(kind, tmp_path):
    vendor = Vendor()
    config = {**CONFIG, "budget": {"clips": 2}}
    with open_client(kind, vendor, config) as client:
        found = run(client, make_jobs(4), tmp_path, at_once=1)
        assert [item.state for item in found] == ["downloaded"] * 2 + ["not sent"] * 2
        assert found[3].error is found[2].error
    assert isinstance(found[2].error, BudgetError)
    assert len(vendor.posts) == 2


def test_an_account_without_money_ends_the_run(kind, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", refuse(402, "top up"))
    with open_client(kind, vendor) as client:
        found = run(client, make_jobs(), tmp_path, at_once=1)
    assert {item.error.kind for item in found} == {"insufficient_funds"}
    assert len(vendor.posts) == 1


def test_a_list_that_costs_more_than_its_limit_is_not_begun(kind, tmp_path):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        with pytest.raises(BudgetError, match=r"costs 1\.20 USD, and max_cost is 1\.00 USD"):
            run(client, make_jobs(), tmp_path, max_cost="1.00")
        assert not vendor.calls
        assert len(run(client, make_jobs(2), tmp_path, max_cost=Decimal("0.80"))) == 2
        # What was paid before counts no more.
        found = run(client, make_jobs(), tmp_path, max_cost="0.40")
    assert [item.earlier for item in found] == [True, True, False]


def test_a_route_goes_on_within_the_limit(kind, tmp_path):
    vendor, config = make_route(beta=OFFERS.replace("0.10", "0.30"))
    jobs = make_jobs(3)
    vendor.plan("submit", refuse(400, "no"))
    with open_client(kind, vendor, config) as client:
        found = list(client.map(jobs, tmp_path, "hero", at_once=1, max_cost="1.80"))
        assert [item.state for item in found] == ["downloaded", "downloaded", "not sent"]
        assert [item.task.provider for item in found[:2]] == ["beta", "acme"]
        assert "of max_cost 1.80 USD only 0.20 are left" in str(found[2].error)
        vendor.plan("status", FREE)
        (last,) = [item for item in client.map(jobs, tmp_path, "hero") if not item.earlier]
        assert last.task.provider == "beta"
        last.video.path.unlink()
        assert len(list(client.map(jobs, tmp_path, "hero"))) == 3
    assert len(vendor.posts) == 5


def test_of_several_offers_the_cheapest_is_taken_and_stays(kind, tmp_path):
    vendor, config = make_route(beta=CHEAP)
    with open_client(kind, vendor, config) as client:
        (found,) = client.map([JOB], tmp_path, "acme-1")
        assert found.plan.offer.name == "beta/acme-1"
        config["providers"]["beta"]["api_key"] = {"env": "NONE"}
        with open_client(kind, vendor, config, journal=client.session.journal) as other:
            (again,) = other.map([JOB], tmp_path, "acme-1")
            assert again.earlier
            (other_job,) = other.map(make_jobs(1), tmp_path, "acme-1")
            assert other_job.plan.offer.name == "acme/acme-1"


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (EURO, {}, "no rate in .currencies. compares that with 9.00 USD"),
        (OFFERS.replace("price =", "# price ="), {}, "its cost is unknown, and max_cost is 9.00"),
        (OFFERS.replace(" per =", ' confidence = "estimate", per ='), {}, "is an estimate"),
    ],
)  # fmt: skip
def test_a_limit_holds_only_costs_that_it_can_be_compared_with(tmp_path, text, options, message):
    vendor = Vendor(plugin=Plugin(Acme("acme", text)))
    with (
        open_client("sync", vendor, CONFIG | options) as client,
        pytest.raises(BudgetError, match=message),
    ):
        run(client, make_jobs(1), tmp_path, max_cost="9.00")


@pytest.mark.parametrize(
    ("to", "options", "message"),
    [
        ("x", {"at_once": 0}, "at_once is 0"),
        ("x", {"timeout": -1}, "timeout is -1"),
        ("x", {"max_cost": "much"}, "max_cost is 'much'"),
        ("x", {"max_cost": 1.5}, "max_cost is 1.5"),
        ("x", {"max_cost": Decimal(-1)}, "takes an amount"),
        ("{keey}.mp4", {}, "unknown field 'keey'; did you mean key"),
        ("{key!r}", {}, "unknown field"),
        ("{key", {}, "write a brace that is meant as one twice"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_planned(tmp_path, to, options, message):
    with open_client("sync", Vendor()) as client, pytest.raises(ConfigError, match=message):
        client.map(make_jobs(), tmp_path / to, **options)


def test_files_are_named_by_a_template_or_by_the_line(kind, tmp_path):
    jobs = make_jobs(6)
    lines = [
        JobLine(0, "../../a b", jobs[0]),
        JobLine(0, "b", jobs[1], to="own/fox.mp4"),
        JobLine(0, "c", jobs[2], to="../fox.mp4"),
        JobLine(0, "d", jobs[3], to="own/x/../fox.mp4"),
        JobLine(0, "e", jobs[4], to="link/fox.mp4"),
        JobLine(0, "f", jobs[5], to="own/"),
    ]
    (tmp_path / "link").symlink_to("/")
    with open_client(kind, Vendor()) as client:
        found = run(
            client, lines, f"{tmp_path}/{{number:03}}-{{key}}-{{name}}-{{model}}.mp4", name="l"
        )
    paths = [item.video and item.video.path.relative_to(tmp_path) for item in found]
    assert [str(path) for path in paths[:2]] == ["001--..-a-b-l-acme-1.mp4", "own/fox.mp4"]
    assert paths[2:] == [None] * 4
    errors = [str(item.error) for item in found[2:]]
    assert "is no file inside of" in errors[0]
    assert "as line 2 does; name another file" in errors[1]
    assert "is no file inside of" in errors[2]
    assert "is no file inside of" in errors[3]


def test_one_file_holds_one_job(tmp_path):
    vendor = Vendor()
    with open_client("sync", vendor) as client:
        first, second = run(client, make_jobs(2), tmp_path / "fox.mp4")
        assert first.video.path == tmp_path / "fox.mp4"
        assert "as line 1 does" in str(second.error)
        (tmp_path / "other.mp4").write_bytes(b"mine")
        (refused,) = run(client, make_jobs(1), tmp_path / "other.mp4")
        assert refused.error.advice == "overwrite"
        (moved,) = run(client, make_jobs(1), tmp_path / "other.mp4", overwrite=True)
    assert moved.video.path.read_bytes() == make_film()
    assert len(vendor.posts) == 1


def test_a_key_of_another_job_is_refused(tmp_path):
    with open_client("sync", Vendor()) as client:
        for prompt, text in (("a fox", None), ("an owl", "that of another job .another prompt.")):
            job = VideoJob(prompt, seconds=4, size="160x120")
            (found,) = run(client, number_jobs([JobLine(1, "k", job)], "x"), tmp_path)
            if text:
                with pytest.raises(JobError, match=text):
                    raise found.error


def test_a_file_that_was_delivered_and_not_noted_is_read(tmp_path):
    with open_client("sync", Vendor()) as client:
        (done,) = run(client, make_jobs(1), tmp_path)
        batch_run = prepare_run(client.session, make_jobs(1), tmp_path, "acme/acme-1", MapOptions())
        (order,) = batch_run.batch.orders
        assert order.row
        unnoted = evolve(order, row=evolve(order.row, facts=None))
        batch_run = evolve(batch_run, batch=evolve(batch_run.batch, orders=(unnoted,)))
        (again,) = client.gather(batch_run)
        assert again.video.facts == done.video.facts
        done.video.path.write_bytes(b"cut")
        (broken,) = client.gather(batch_run)
    assert isinstance(broken.error, DownloadError)
    assert broken.state == "not downloaded"


def test_a_selector_that_leads_nowhere_refuses_its_lines(tmp_path):
    vendor, config = make_route(beta=CHEAP)
    config["providers"] = {name: {"api_key": {"env": "NONE"}} for name in ("acme", "beta")}
    lines = [JobLine(0, "a", JOB, "x"), JobLine(0, "b", JOB, "x"), JobLine(0, "c", JOB)]
    with open_client("sync", vendor, config) as client:
        found = list(client.map(lines, tmp_path, "acme-1"))
        with pytest.raises(ConfigError, match="no model"):
            client.map(make_jobs(1), tmp_path)
    assert ["unknown model 'x'" in str(item.error) for item in found] == [True, True, False]
    assert found[2].error.advice == "set_key"
    assert [item.key for item in found] == ["a", "b", "c"]


def test_without_a_journal_jobs_have_no_keys(kind, tmp_path):
    vendor = Vendor()
    with open_client(kind, vendor, journal=None) as client:
        assert run(client, make_jobs(1), tmp_path)[0].video
    assert len(vendor.posts) == 1
