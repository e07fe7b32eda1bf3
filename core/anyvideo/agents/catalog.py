"""The tools as a client lists them: names, words, schemas and hints."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from anyvideo.agents import answers as out
from anyvideo.agents import arguments as given

INSTRUCTIONS = (
    "Makes videos from text and images at many vendors. Call compare to see who can make a clip and"
    " for how much, quote to fix one offer and its price, then generate with the quote_id. generate"
    " costs money, and each quote_id makes one video: to wait for it, call status with wait_seconds,"
    " not generate with a new quote. A job in the state 'ambiguous' may exist and be billed: never"
    " repeat it. What may be spent without asking the person was set by the person who started this"
    " server; no argument changes it."
)


@frozen
class ToolSpec:
    """One tool.

    Attributes:
        name: Its name, which is that of a method of `Tools`.
        title: Its name for people.
        text: What it does, for a model.
        takes: The class of its arguments.
        returns: The class of its answer.
        reads_only: Whether it changes nothing.
        is_idempotent: Whether the same call again changes nothing more.
        open_world: Whether it asks anything outside of this machine.
        has_call: Whether it talks to the client while it runs.
    """

    name: str
    title: str
    text: str
    takes: type[Any]
    returns: type[Any]
    reads_only: bool = True
    is_idempotent: bool = True
    open_world: bool = False
    has_call: bool = False


TOOLS = (
    ToolSpec(
        "compare",
        "Compare offers",
        "Shows which offers can make a clip and what each costs, the cheapest first. Sends nothing and"
        " costs nothing. Use it to choose an offer; where all refuse, it says what they would accept.",
        given.CompareArguments,
        out.ComparisonAnswer,
    ),
    ToolSpec(
        "quote",
        "Quote one video",
        "Fixes one clip at one offer and price, and returns a quote_id for generate. Sends nothing and"
        " costs nothing. The quote is good for 15 minutes and for one video.",
        given.QuoteArguments,
        out.QuoteAnswer,
        is_idempotent=False,
    ),
    ToolSpec(
        "generate",
        "Make the quoted video",
        "Makes the video of a quote_id. Costs what the quote says. The same quote_id again returns the"
        " same job and costs nothing more. Returns at once, or after wait_seconds at most. Beyond"
        " what the person allowed when starting the server, the person is asked first.",
        given.GenerateArguments,
        out.JobAnswer,
        reads_only=False,
        open_world=True,
        has_call=True,
    ),
    ToolSpec(
        "status",
        "Ask how a job stands",
        "Says how a job stands. With wait_seconds it waits for the end of the job. Costs nothing.",
        given.JobIdArguments,
        out.JobAnswer,
        open_world=True,
        has_call=True,
    ),
    ToolSpec(
        "list_jobs",
        "List the jobs",
        "Lists the jobs of this server, the newest first, also those of earlier starts, and what was"
        " spent. Costs nothing.",
        given.ListArguments,
        out.JobsAnswer,
    ),
    ToolSpec(
        "download",
        "Get the file of a video",
        "Returns a link to the file of a finished job. The server chooses the name of the file, in its"
        " own folder. Costs nothing.",
        given.JobIdArguments,
        out.JobAnswer,
        reads_only=False,
        open_world=True,
        has_call=True,
    ),
    ToolSpec(
        "models",
        "List the models",
        "Lists offers with their lengths, sizes and prices. Costs nothing.",
        given.ModelsArguments,
        out.ModelsAnswer,
    ),
)
