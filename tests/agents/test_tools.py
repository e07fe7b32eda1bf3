"""The tools as a model uses them: each through the SDK's own client, in front of the sandbox."""

import asyncio
import base64
import functools
import os
from decimal import Decimal
from pathlib import Path

import attrs
import jsonschema
import pytest
from mcp import MCPError

from anyvideo.agents import resources
from anyvideo.agents.jobs import describe_job
from anyvideo.agents.tools import OWNER
from anyvideo.model.quote import Price
from anyvideo.planning import saved
from anyvideo.session.offers import find_offer
from tests.agents.conftest import FOX, MODEL


def read_image(name):
    return (Path(__file__).parents[1] / "images" / name).read_bytes()


def read_link(result):
    """The bytes of the file of a result, and the URI of its path."""
    path = Path(result.structured_content["file"])
    return path.read_bytes(), path.as_uri()


async def test_each_tool_has_words_schemas_and_hints(opened):
    async with opened() as agent:
        tools = {tool.name: tool for tool in (await agent.client.list_tools()).tools}

    names = ["compare", "quote", "generate", "status", "list_jobs", "download", "models"]
    assert list(tools) == names
    for tool in tools.values():
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert all(item["description"] for item in schema["properties"].values())
        for item in tool.input_schema["properties"].values():
            for example in item.get("examples", ()):
                jsonschema.validate(example, item)
        assert not tool.input_schema["additionalProperties"]
        assert not tool.annotations.destructive_hint
    hints = {name: tool.annotations for name, tool in tools.items()}
    assert [name for name in names if not hints[name].read_only_hint] == ["generate", "download"]
    assert [name for name in names if not hints[name].idempotent_hint] == ["quote"]
    # Nothing that a model fills in speaks of a limit, a key, a file to write or a vendor's own option.
    given = {name for tool in tools.values() for name in tool.input_schema["properties"]}
    assert given & {"max_cost", "max_jobs", "api_key", "to", "output", "options"} == set()


async def test_a_video_from_the_comparison_to_the_file(opened, vendor):
    steps = []

    async def note(waited, longest, text):
        steps.append((waited, longest, text))

    async with opened() as agent:
        compared = await agent.get("compare", prompt="a fox", seconds=4, limit=2)
        assert (len(compared["plans"]), compared["more"] > 10) == (2, True)
        quote = await agent.get("quote", **FOX)
        assert (quote["plan"]["offer"], quote["plan"]["amount"]) == (MODEL, "0.32")
        assert (quote["spending"]["spent"], quote.get("consent")) == ("0.00 USD", "")
        job = await agent.generate(quote["quote_id"])
        assert (job["job_id"], job["state"]) == (quote["quote_id"], "queued")
        kind, _ = await agent.fail("download", job_id=job["job_id"])
        assert kind == "not_finished"
        done = await agent.client.call_tool(
            "status", {"job_id": job["job_id"], "wait_seconds": 60}, progress_callback=note
        )
        assert done.structured_content["state"] == "succeeded"
        again = await agent.generate(quote["quote_id"])
        assert again["job_id"] == job["job_id"]
        result = await agent.call("download", job_id=job["job_id"])
        text, link = result.content
        listed = (await agent.client.list_resources()).resources
        read = (await agent.client.read_resource(link.uri)).contents[0]

    assert steps
    assert [step[0] for step in steps] == sorted({step[0] for step in steps})
    data, uri = read_link(result)
    assert uri == (agent.tools.folder.path / OWNER / f"{job['job_id']}.mp4").as_uri()
    assert link.uri == uri == listed[0].uri
    assert base64.b64decode(read.blob) == data
    assert text.text.endswith("The file is here.")
    assert len(vendor.posts()) == 1


async def test_jobs_and_models_are_listed_in_pages(opened):
    async with opened() as agent:
        assert (await agent.call("list_jobs")).content[0].text == "No such jobs."
        names = [(await agent.generate())["job_id"] for _ in range(3)]
        page = await agent.get("list_jobs", limit=2)
        rest = await agent.call("list_jobs", before=page["jobs"][-1]["job_id"])
        more = await agent.call("list_jobs", limit=1)
        failed = await agent.get("list_jobs", states=["failed"])
        models = await agent.get("models", model="apiyi/*", limit=1)
        text = (await agent.call("models", model="apiyi/*", limit=1)).content[0].text

    assert {job["job_id"] for job in [*page["jobs"], *rest.structured_content["jobs"]]} == {*names}
    assert (page["more"], failed["jobs"]) == (True, [])
    assert "Older ones follow" in more.content[0].text
    assert page["spending"] == {"spent": "0.96 USD", "allowed": "100.00 USD", "jobs": 3}
    assert (len(models["models"]), models["more"] > 0) == (1, True)
    assert "more; name a model" in text


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "said"),
    [
        ("quote", {**FOX, "second": 8}, "invalid", "unknown key 'second'; did you mean seconds?"),
        ("quote", {"model": MODEL}, "invalid", "prompt: is missing"),
        (
            "quote",
            {**FOX, "prompt": ""},
            "invalid",
            "prompt: at least 1 characters expected, not 0",
        ),
        ("quote", {**FOX, "seconds": "8"}, "invalid", "seconds: expected a number, not '8'"),
        ("quote", {**FOX, "seconds": 1e9}, "invalid", "at most 3600 expected"),
        ("quote", {**FOX, "size": "big"}, "invalid", "'big' is not written like '1280x720'"),
        (
            "quote",
            {**FOX, "size": "1280x720", "resolution": "4k"},
            "invalid",
            "drop one of the two",
        ),
        ("quote", {**FOX, "images": [{"role": "first_frame"}]}, "invalid", "images[0].source"),
        ("quote", {**FOX, "character": {}}, "invalid", "either url or from_task"),
        ("quote", {**FOX, "seconds": 400}, "negotiation", "seconds 400"),
        ("quote", {**FOX, "model": "nobody/x"}, "negotiation", "models lists all models"),
        ("quote", {"prompt": "a fox"}, "config", "name one as model; models lists them"),
        ("generate", {"quote_id": "q-1", "wait_seconds": 61}, "invalid", "at most 60"),
        ("generate", {"quote_id": "q-1"}, "unknown_quote", "call quote again"),
        ("generate", {"quote_id": "../../x"}, "invalid", "quote_id"),
        ("status", {"job_id": "q-1"}, "unknown_job", "list_jobs lists all jobs"),
        ("list_jobs", {"before": "q-1"}, "invalid", "there is no job"),
        ("list_jobs", {"states": ["done"]}, "invalid", "states[0]: expected submitting or"),
        ("spend", {}, "unknown_tool", "there is no tool 'spend'; there are compare, quote"),
    ],
)
async def test_what_is_wrong_is_one_line_with_a_kind(opened, vendor, name, arguments, kind, said):
    async with opened() as agent:
        found, message = await agent.fail(name, **arguments)

    assert (found, said in message) == (kind, True), message
    assert vendor.posts() == []


async def test_null_and_the_fields_of_a_job_are_read(opened):
    async with opened() as agent:
        given = {"seed": None, "images": [{"source": "https://a.example/x.png", "role": None}]}
        answer = await agent.get("quote", prompt="a fox", model="apimart/kling-v3", **given)

    assert answer["plan"]["clip"].endswith("1 image")


async def test_a_comparison_without_a_plan_says_what_would_be_taken(opened):
    async with opened() as agent:
        refused = await agent.get("compare", prompt="a fox", seconds=400, model=MODEL)
        text = (
            (await agent.call("compare", prompt="a fox", seconds=400, model=MODEL)).content[0].text
        )

    assert refused["plans"] == []
    assert refused["refusals"][0]["would_accept"]
    assert text.startswith("1 refuses: apiyi/grok")


async def test_a_quote_is_good_for_a_while(opened, vendor, clock):
    async with opened() as agent:
        quote_id = await agent.quote()
        clock.advance(901)
        kind, message = await agent.fail("generate", quote_id=quote_id)
        old = await agent.quote()
        for _ in range(1000):
            agent.tools.quotes.add(agent.tools.quotes.find(old).plan)
            if agent.tools.quotes.find(old) is None:
                break

    assert (kind, "expired" in message) == ("unknown_quote", True)
    assert agent.tools.quotes.find(old) is None
    assert vendor.posts() == []


async def test_two_calls_at_once_make_one_job(opened, vendor):
    async with opened() as agent:
        quote_id = await agent.quote()
        first, second = await asyncio.gather(
            agent.generate(quote_id), agent.generate(quote_id, wait_seconds=1)
        )

    assert first["job_id"] == second["job_id"]
    assert len(vendor.posts()) == 1


async def test_a_refused_job_is_not_sent_again_and_costs_nothing(opened, vendor):
    async with opened() as agent:
        quote_id = await agent.quote(prompt="[fault:no-money] a fox")
        kind, message = await agent.fail("generate", quote_id=quote_id)
        again = await agent.get("generate", quote_id=quote_id)
        spent = (await agent.get("list_jobs"))["spending"]
        kind_of_file, _ = await agent.fail("download", job_id=quote_id)

    assert kind == "insufficient_funds"
    assert "top up the account" in message
    assert (again["state"], kind_of_file) == ("failed", "no_video")
    assert "Call quote for another attempt" in again["next"]
    assert (spent["spent"], spent["jobs"]) == ("0.00 USD", 0)
    assert len(vendor.posts()) == 1


async def test_an_ambiguous_job_is_never_repeated(opened, vendor):
    async with opened() as agent:
        quote_id = await agent.quote(prompt="[fault:drop-after-accept] a fox")
        first = await agent.get("generate", quote_id=quote_id, wait_seconds=60)
        again = await agent.get("generate", quote_id=quote_id)
        spent = (await agent.get("list_jobs"))["spending"]
    async with opened(is_sandbox=True) as agent:
        in_sandbox = await agent.get("status", job_id=quote_id)

    assert first["state"] == again["state"] == "ambiguous"
    assert first["next"].startswith("Do not repeat this job")
    assert f"anyvideo resume mcp.{quote_id} --task-id ID (or --not-created)" in first["next"]
    assert "ends with this server's sandbox" in in_sandbox["next"]
    assert (spent["spent"], spent["jobs"]) == ("0.32 USD", 1)
    assert len(vendor.posts()) == 1


async def test_a_plan_that_has_drifted_is_not_sent(opened, vendor, tmp_path):
    image = tmp_path / "folder" / "fox.png"
    image.write_bytes(read_image("rocket-320x180.png"))
    async with opened() as agent:
        quote_id = await agent.quote(images=[{"source": "fox.png"}])
        image.write_bytes(read_image("plain-1280x720.png"))
        kind, message = await agent.fail("generate", quote_id=quote_id)
        spent = (await agent.get("list_jobs"))["spending"]

    assert (kind, "the plan is out of date" in message) == ("drift", True)
    assert (spent["jobs"], vendor.posts()) == (0, [])


async def test_a_price_that_rose_is_not_paid(opened, vendor, monkeypatch):
    def find_dearer(session, provider, model):
        offer = find_offer(session, provider, model)
        assert offer is not None
        dear = Price(Decimal(9))
        return attrs.evolve(
            offer, tiers=tuple(attrs.evolve(tier, price=dear) for tier in offer.tiers)
        )

    async with opened() as agent:
        quote_id = await agent.quote()
        monkeypatch.setattr(saved, "find_offer", find_dearer)
        kind, message = await agent.fail("generate", quote_id=quote_id)

    assert kind == "drift"
    assert "price.amount was 0.32 and is 36" in message
    assert vendor.posts() == []


async def test_a_mistake_of_ours_shows_nothing(opened, monkeypatch):
    async with opened() as agent:
        monkeypatch.setattr(agent.tools.service.client, "plan", {"a secret": 1}.__getitem__)
        kind, message = await agent.fail("quote", **FOX)

    assert (kind, "secret" in message) == ("internal", False)


async def test_only_the_files_of_jobs_are_resources(opened, monkeypatch):
    async with opened() as agent:
        job = await agent.generate(wait_seconds=60)
        (agent.tools.folder.path / "own.mp4").write_bytes(b"mine")
        for uri in (job["uri"].replace("q-", "r-"), "file:///etc/passwd", "file:own.mp4"):
            with pytest.raises(MCPError, match="there is no video"):
                await agent.client.read_resource(uri)
        monkeypatch.setattr(resources, "MOST_BYTES", 10)
        with pytest.raises(MCPError, match="10 are sent at most; open"):
            await agent.client.read_resource(job["uri"])
        # A file that somebody removed is fetched again.
        os.unlink(job["file"])  # noqa: PTH108 (a path of an async test)
        assert (await agent.get("download", job_id=job["job_id"]))["bytes"] > 0


async def test_a_job_says_what_it_cost_and_whether_its_file_is_near(opened):
    async with opened() as agent:
        job = await agent.generate(wait_seconds=60)
        known = await agent.tools.service.record(OWNER, job["job_id"])
        describe = functools.partial(describe_job, sandbox=False)
        billed = attrs.evolve(known.record.task, cost="0.30")
        costs = describe(attrs.evolve(known, record=attrs.evolve(known.record, task=billed)))
        coming = describe(attrs.evolve(known, file=None, fetching=True))
        late = describe(attrs.evolve(known, file=None, problem="no route"))
        plain = attrs.evolve(known.record.task, quote=None, status="submitting")
        sending = describe(attrs.evolve(known, record=attrs.evolve(known.record, task=plain)))

    assert costs.cost == "0.30 USD billed"
    assert (coming.next, late.error) == ("The file is on its way; call download.", "no route")
    assert (sending.cost, "never repeat" in sending.next) == ("unknown", True)
