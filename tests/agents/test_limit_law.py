"""A law: whatever a model calls, in whatever order, it costs no more than was allowed."""

import asyncio
import tempfile
from collections import Counter
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client

from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Allowance, Guard
from anyvideo.agents.server import make_server
from anyvideo.agents.tools import Tools
from anyvideo.model.currency import Rates
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.service import Service, ServiceClient
from tests.agents.conftest import FOX

MOST, JOBS = Decimal("0.60"), 3
SECOND = Decimal("0.08")
FAULTS = ("", "drop-after-accept", "no-money")
QUOTES = st.tuples(st.just("quote"), st.integers(1, 5), st.sampled_from(FAULTS))
STEPS = st.one_of(
    QUOTES,
    st.tuples(st.just("generate"), st.integers(0, 9)),
    st.tuples(st.just("all at once")),
    st.tuples(st.just("restart")),
)
# Each sequence begins with quotes, some of which are sent at once.
SEQUENCES = st.builds(
    lambda quotes, rest: [*quotes, ("all at once",), *rest],
    st.lists(QUOTES, min_size=2, max_size=5),
    st.lists(STEPS, max_size=9),
)


@asynccontextmanager
async def open_agent(vendor, clock, folder):
    async with ServiceClient({}, vendor, journal=folder / "jobs.sqlite", clock=clock) as client:
        service = Service(client, folder, "mcp")
        tools = Tools(service, Folder(folder), Guard(Allowance(MOST, jobs=JOBS), Rates()))
        async with service, Client(make_server(tools)) as session:
            yield session
        await tools.close()


async def play(steps, vendor, clock, folder):
    """Call the tools; return the length and the fault of each quote that was asked for."""
    quotes: list[str] = []
    asked: list[tuple[int, str]] = []
    remaining = list(steps)
    while remaining:
        async with open_agent(vendor, clock, folder) as session:
            while remaining:
                name, *values = remaining.pop(0)
                if name == "restart":
                    break
                if name == "quote":
                    seconds, fault = values
                    prompt = f"fox-{len(asked)}. [fault:{fault}]" if fault else f"fox-{len(asked)}."
                    asked.append((seconds, fault))
                    given = {**FOX, "prompt": prompt, "seconds": seconds}
                    answer = await session.call_tool("quote", given)
                    quotes.append(answer.structured_content["quote_id"])
                elif quotes:
                    chosen = quotes if not values else [quotes[values[0] % len(quotes)]]
                    calls = [session.call_tool("generate", {"quote_id": one}) for one in chosen]
                    await asyncio.gather(*calls)
    return asked


@settings(max_examples=10, deadline=None)
@given(steps=SEQUENCES)
def test_no_sequence_of_calls_passes_the_limits(sandbox_vendors, steps):
    clock = VirtualClock()
    with (
        tempfile.TemporaryDirectory() as name,
        Sandbox(vendors=sandbox_vendors, clock=clock) as vendor,
    ):
        asked = asyncio.run(play(steps, vendor, clock, Path(name).resolve()))
        posts = [str(call.body) for call in vendor.posts()]

    sent = Counter(
        number for number in range(len(asked)) for body in posts if f"fox-{number}." in body
    )
    assert sum(sent.values()) == len(posts)
    assert set(sent.values()) <= {1}
    billed = [asked[number] for number in sent if asked[number][1] != "no-money"]
    assert sum((seconds * SECOND for seconds, _ in billed), Decimal(0)) <= MOST
    assert len(billed) <= JOBS
