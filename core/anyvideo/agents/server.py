"""The MCP server: lists the tools, calls them, and reads the files of finished videos."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import frozen

from anyvideo.agents.answers import JobAnswer
from anyvideo.agents.catalog import INSTRUCTIONS, TOOLS, ToolSpec
from anyvideo.agents.consent import Consent, QuestionError
from anyvideo.agents.refusals import ToolRefusedError, explain, name_kind
from anyvideo.agents.resources import list_videos, read_video
from anyvideo.agents.schema import make_schema, read_arguments, write_answer
from anyvideo.agents.tools import Tools

if TYPE_CHECKING:
    import mcp_types as types
    from mcp.server import Server
    from mcp.server.context import ServerRequestContext

logger = logging.getLogger("anyvideo")

NAME = "anyvideo"
_SPECS: Mapping[str, ToolSpec] = {spec.name: spec for spec in TOOLS}


@frozen
class ClientCall:
    """What a tool can do with its client while it runs."""

    context: ServerRequestContext[Any, Any]
    params: types.CallToolRequestParams

    @property
    def can_ask(self) -> bool:
        """Whether the client can ask a person."""
        return Consent(self.context, self.params).is_possible

    async def ask(self, question: str, word: str) -> None:
        """Return if the person says yes; raise an error otherwise."""
        await Consent(self.context, self.params).ask(question, word)

    async def report(self, waited: float, longest: float, text: str) -> None:
        """Tell the client how long it has been waited, in seconds, and how the job stands."""
        await self.context.session.report_progress(waited, longest, text)


def make_server(tools: Tools) -> Server[Any]:
    """Return a server with these tools, for any transport of the SDK."""
    from mcp.server import Server  # noqa: PLC0415 (an extra)
    from mcp.server.request_state import (  # noqa: PLC0415 (the same)
        RequestStateBoundary,
        RequestStateSecurity,
    )

    server: Server[Any] = Server(
        NAME,
        version=version("anyvideo"),
        title="anyvideo",
        instructions=INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=partial(_call_tool, tools),
        on_list_resources=partial(_list_resources, tools),
        on_read_resource=partial(_read_resource, tools),
    )
    # What the client carries from the question to the answer is sealed with a key of this process.
    server.middleware.append(
        RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=NAME)
    )
    return server


async def _list_tools(_: object, __: object) -> types.ListToolsResult:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    return types.ListToolsResult(tools=[_describe(spec) for spec in TOOLS])


def _describe(spec: ToolSpec) -> types.Tool:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    return types.Tool(
        name=spec.name,
        title=spec.title,
        description=spec.text,
        input_schema=make_schema(spec.takes),
        output_schema=make_schema(spec.returns),
        annotations=types.ToolAnnotations(
            title=spec.title,
            read_only_hint=spec.reads_only,
            destructive_hint=False,
            idempotent_hint=spec.is_idempotent,
            open_world_hint=spec.open_world,
        ),
    )


async def _call_tool(
    tools: Tools, context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
) -> types.CallToolResult | types.InputRequiredResult:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    try:
        spec = _SPECS.get(params.name) or _refuse_name(params.name)
        asked: Any = read_arguments(spec.takes, params.arguments or {})
        method = getattr(tools, spec.name)
        call = ClientCall(context, params)
        answer = await (method(asked, call) if spec.has_call else method(asked))
    except QuestionError as question:
        return question.result
    except Exception as error:  # noqa: BLE001 (a model never sees a traceback)
        return _fail(params.name, error)
    content: list[types.ContentBlock] = [types.TextContent(text=str(answer))]
    if isinstance(answer, JobAnswer) and answer.uri:
        content.append(_link(answer))
    return types.CallToolResult(content=content, structured_content=write_answer(answer))


def _refuse_name(name: str) -> ToolSpec:
    message = f"there is no tool {name!r}; there are {', '.join(_SPECS)}"
    raise ToolRefusedError(message, kind="unknown_tool")


def _fail(name: str, error: Exception) -> types.CallToolResult:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    kind, text = name_kind(error), explain(error)
    if kind == "internal":
        logger.error("the tool %s failed", name, exc_info=error)
    else:
        logger.info("the tool %s refused: %s", name, text)
    return types.CallToolResult(
        content=[types.TextContent(text=f"{kind}: {text}")],
        structured_content={"error": {"kind": kind, "message": text}},
        is_error=True,
    )


def _link(job: JobAnswer) -> types.ResourceLink:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    return types.ResourceLink(
        uri=job.uri or "", name=f"{job.job_id}.mp4", mime_type="video/mp4", size=job.bytes
    )


async def _list_resources(tools: Tools, _: object, __: object) -> types.ListResourcesResult:
    import mcp_types as types  # noqa: PLC0415 (an extra)

    videos = await list_videos(tools)
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                uri=job.uri or "",
                name=f"{job.job_id}.mp4",
                description=job.prompt,
                mime_type="video/mp4",
                size=job.bytes,
            )
            for job in videos
        ]
    )


async def _read_resource(
    tools: Tools, _: object, params: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    import mcp_types as types  # noqa: PLC0415 (an extra)
    from mcp import MCPError  # noqa: PLC0415 (the same)

    uri = str(params.uri)
    try:
        data = await read_video(tools, uri)
    except ToolRefusedError as error:
        raise MCPError(types.INVALID_PARAMS, str(error), {"kind": error.kind}) from error
    blob = base64.b64encode(data).decode()
    contents = types.BlobResourceContents(uri=uri, mime_type="video/mp4", blob=blob)
    return types.ReadResourceResult(contents=[contents])
