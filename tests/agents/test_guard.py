"""The guard: what passes it, whom it asks, and that no sequence of calls gets round it."""

import asyncio
from decimal import Decimal
from types import SimpleNamespace

import mcp_types as types
import pytest

from anyvideo.agents.guard import Allowance, Guard
from anyvideo.model.currency import Rates
from anyvideo.model.quote import Quote
from anyvideo.tasks.task import Task
from tests.agents.conftest import MODEL, Person

DOLLAR = Allowance(Decimal(1))
CENTS = Quote(Decimal("0.40"), "USD", "exact")


def make_record(ref, quote=CENTS, **changes):
    known = {"provider": "apiyi", "adapter": "apiyi", "base_url": "https://a.b", "id": "video_1"}
    task = Task(**{**known, "model": "sora-2", "quote": quote, "ref": ref, **changes})
    return SimpleNamespace(ref=ref, task=task)


@pytest.mark.parametrize(
    ("allowance", "quote", "said"),
    [
        (DOLLAR, CENTS, ""),
        (DOLLAR, Quote(Decimal(1), "USD", "ceiling"), ""),
        (Allowance(), CENTS, "started without --max-cost"),
        (Allowance(jobs=3), CENTS, "started without --max-cost"),
        (Allowance(Decimal(1), jobs=0), CENTS, "--max-jobs 0 is used up"),
        (DOLLAR, Quote(), "its cost is unknown, which counts as more than --max-cost 1.00 USD"),
        (DOLLAR, Quote(Decimal("0.1"), "USD", "estimate"), "an estimate, about 0.10 USD, and may"),
        (DOLLAR, Quote(Decimal("1.1"), "USD", "exact"), "0.00 USD of --max-cost 1.00 USD are used"),
        (DOLLAR, Quote(Decimal(1), "EUR", "exact"), "without a rate in [currencies]"),
        (DOLLAR, Quote(Decimal(5), "CNY", "exact"), ""),
        (DOLLAR, Quote(Decimal(8), "CNY", "exact"), "this job costs 8.00 CNY"),
        (Allowance(Decimal(6), "CNY"), CENTS, ""),
    ],
)
def test_what_needs_a_persons_consent(allowance, quote, said):
    guard = Guard(allowance, Rates({"CNY": Decimal("0.14")}))

    found = guard.find_objection(quote)

    assert (bool(found), said in found) == (bool(said), True), found


def test_the_sum_follows_the_bill_and_what_was_never_made():
    guard = Guard(DOLLAR, Rates())
    guard.commit("mcp.a", CENTS)
    guard.commit("mcp.b", CENTS)
    assert "0.80 USD of --max-cost" in guard.find_objection(CENTS)

    guard.note([make_record("mcp.a", cost=Decimal("0.30"), status="succeeded")])
    assert guard.describe_spent() == "0.70 USD"
    guard.note([make_record("mcp.b", id="", status="failed")])
    free = Quote(Decimal("0.40"), "USD", "exact", failures_billed=False)
    guard.note([make_record("mcp.c", free, status="failed"), make_record("mcp.d", status="failed")])
    assert (guard.describe_spent(), guard.spent.jobs) == ("0.70 USD", 3)

    guard.note([make_record("mcp.e", None)])
    assert guard.describe_spent() == "an unknown amount"
    assert "the cost of an earlier job is unknown" in guard.find_objection(CENTS)
    guard.release("mcp.e")
    guard.note([make_record("mcp.e", Quote(Decimal(1), "EUR", "exact"), cost=Decimal(1))])
    assert guard.spent.amount is None


async def test_a_person_is_asked_beyond_the_allowance(opened, vendor, mode):
    person = Person()
    async with opened(Allowance(Decimal("0.50"), jobs=5), person, mode) as agent:
        await agent.generate()
        assert person.asked == []
        job = await agent.generate(await agent.quote(prompt="two\nfoxes " + "x" * 400))

    (question,) = person.asked
    assert job["state"] == "queued"
    assert question.startswith(f"Make one video at {MODEL} for 0.32 USD? (4 s, 854x480)")
    assert "Spent so far: 0.32 USD for 1 job, allowed without asking: 0.50 USD, 5 jobs." in question
    assert (
        "because 0.32 USD of --max-cost 0.50 USD are used, and this job costs 0.32 USD." in question
    )
    assert question.endswith('xxx..."')
    assert "\n" not in question
    assert len(vendor.posts()) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("decline", {}), "the person declined"),
        (("cancel", {}), "the person gave no answer"),
        (("accept", {"make_it": False}), "the person declined"),
        (("accept", {"other": True}), "the person declined"),
    ],
)
async def test_a_no_is_a_no(opened, vendor, mode, answer, said):
    person = Person(answer[0], **answer[1])
    async with opened(Allowance(), person, mode) as agent:
        quote_id = await agent.quote()
        kind, message = await agent.fail("generate", quote_id=quote_id)
        again, _ = await agent.fail("generate", quote_id=quote_id)

    assert (kind, said in message, again) == ("declined", True, "unknown_quote")
    assert (len(person.asked), vendor.posts()) == (1, [])


async def test_without_a_way_to_ask_nothing_is_sent(opened, vendor, mode):
    async with opened(Allowance(), mode=mode) as agent:
        kind, message = await agent.fail("generate", quote_id=await agent.quote())

    assert kind == "limit"
    assert "this client cannot ask the person. The person can start the server" in message
    assert vendor.posts() == []


async def test_a_client_that_breaks_over_the_question_is_no_yes(opened, vendor):
    async def fail(context, params):
        return types.ErrorData(code=types.INTERNAL_ERROR, message="no window")

    async with opened(Allowance(), fail, "legacy") as agent:
        kind, message = await agent.fail("generate", quote_id=await agent.quote())

    assert (kind, "could not ask the person" in message) == ("declined", True)
    assert vendor.posts() == []


async def test_an_answer_counts_for_one_question_alone(opened, vendor):
    yes = {"consent": types.ElicitResult(action="accept", content={"make_it": True})}
    async with opened(Allowance(), Person()) as agent:
        one, two = await agent.quote(), await agent.quote()
        session = agent.client.session

        async def ask(quote_id, **given):
            return await session.call_tool(
                "generate", {"quote_id": quote_id}, allow_input_required=True, **given
            )

        first = await ask(one)
        unasked = await ask(one, input_responses=yes)
        for state in (first.request_state, "made up"):
            with pytest.raises(Exception, match="Invalid or expired requestState"):
                await ask(two, input_responses=yes, request_state=state)
        # What was spent changed meanwhile, and with it the question.
        agent.tools.guard.commit("mcp.other", CENTS)
        changed = await ask(one, input_responses=yes, request_state=first.request_state)
        done = await ask(one, input_responses=yes, request_state=changed.request_state)

    assert [item.result_type for item in (first, unasked, changed)] == ["input_required"] * 3
    assert done.structured_content["state"] == "queued"
    assert len(vendor.posts()) == 1


async def test_a_restart_gives_nothing_back(opened, clock):
    allowance = Allowance(Decimal("0.50"))
    async with opened(allowance) as agent:
        await agent.generate()
    clock.advance(3600)
    async with opened(allowance) as agent:
        kind, message = await agent.fail("generate", quote_id=await agent.quote())
    clock.advance(86_400)
    async with opened(allowance) as agent:
        await agent.generate()

    assert (kind, "0.32 USD of --max-cost 0.50 USD are used" in message) == ("limit", True)


async def test_the_sum_is_read_in_pages(opened, monkeypatch):
    monkeypatch.setattr("anyvideo.agents.tools._PAGE", 2)
    async with opened() as agent:
        for _ in range(3):
            await agent.generate()
    async with opened() as agent:
        assert (await agent.get("list_jobs"))["spending"]["jobs"] == 3


async def test_a_yes_that_comes_twice_makes_one_job(opened, vendor):
    async with opened(Allowance(), Person(), "legacy") as agent:
        quote_id = await agent.quote()
        jobs = await asyncio.gather(agent.generate(quote_id), agent.generate(quote_id))

    assert jobs[0]["job_id"] == jobs[1]["job_id"]
    assert len(vendor.posts()) == 1


async def test_a_yes_that_comes_too_late_sends_nothing(opened, vendor, clock):
    class Slow(Person):
        async def __call__(self, context, params):
            clock.advance(3600)
            return await super().__call__(context, params)

    async with opened(Allowance(), Slow(), "legacy") as agent:
        late = await agent.quote()
        kind, message = await agent.fail("generate", quote_id=late)
        unknown, _ = await agent.fail("generate", quote_id=late)

    assert (kind, "has expired" in message, unknown) == ("unknown_quote", True, "unknown_quote")
    assert vendor.posts() == []
