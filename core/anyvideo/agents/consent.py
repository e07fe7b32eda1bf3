"""Asks the person who uses the client about one job, through the client, in both ways that MCP has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from anyvideo.agents.refusals import ToolRefusedError

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp_types import (
        CallToolRequestParams,
        ClientCapabilities,
        ElicitResult,
        InputRequiredResult,
    )

# Since this version the question is a result, and the answer comes with the repeated call.
_ROUNDS_SINCE = "2026-07-28"
_KEY = "consent"
_ANSWER = "make_it"


class QuestionError(Exception):
    """The client has to ask the person and call the tool again.

    Attributes:
        result: What the client gets in place of a result.
    """

    def __init__(self, result: InputRequiredResult) -> None:
        super().__init__("the client asks the person first")
        self.result = result


@frozen
class Consent:
    """The way from one call of a tool to the person.

    Attributes:
        context: The call.
        params: What the client sent with it.
    """

    context: ServerRequestContext[Any, Any]
    params: CallToolRequestParams

    @property
    def is_possible(self) -> bool:
        """Whether the client can ask a person."""
        capabilities: ClientCapabilities | None = self.context.session.client_capabilities
        elicitation = capabilities.elicitation if capabilities is not None else None
        # A bare declaration, the only one before there were modes, means forms.
        return elicitation is not None and (elicitation.form is not None or elicitation.url is None)

    async def ask(self, question: str, word: str) -> None:
        """Return if the person says yes; `word` is what the yes is called in the form.

        Raises:
            ToolRefusedError: the person says no, or gives no answer.
            QuestionError: the client is to ask first, and to call again.
        """
        answer = await self._get_answer(question, _make_form(word))
        if answer.action == "accept" and (answer.content or {}).get(_ANSWER) is True:
            return
        said = "gave no answer" if answer.action == "cancel" else "declined"
        message = (
            f"the person {said}; nothing was sent. Do not ask again unless the person wants this"
            " video; then call quote again"
        )
        raise ToolRefusedError(message, kind="declined")

    async def _get_answer(self, question: str, form: Mapping[str, Any]) -> ElicitResult:
        import mcp_types as types  # noqa: PLC0415 (an extra)
        from mcp_types.version import is_version_at_least  # noqa: PLC0415 (the same)

        if not is_version_at_least(self.context.protocol_version, _ROUNDS_SINCE):
            return await self._ask_at_once(question, form)
        # The SDK seals the state and ties it to this tool and these arguments. The answer counts for
        # this question alone: with another amount the person is asked again.
        state = hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()
        answer = (self.params.input_responses or {}).get(_KEY)
        if isinstance(answer, types.ElicitResult) and self.params.request_state == state:
            return answer
        params = types.ElicitRequestFormParams(message=question, requested_schema=dict(form))
        request = types.ElicitRequest(params=params)
        raise QuestionError(
            types.InputRequiredResult(input_requests={_KEY: request}, request_state=state)
        )

    async def _ask_at_once(self, question: str, form: Mapping[str, Any]) -> ElicitResult:
        from mcp import MCPError  # noqa: PLC0415 (an extra)
        from pydantic import ValidationError  # noqa: PLC0415 (the same)

        session, request = self.context.session, self.context.request_id
        try:
            return await session.elicit_form(question, dict(form), related_request_id=request)
        except (MCPError, ValidationError) as error:
            message = "the client could not ask the person, so nothing was sent"
            raise ToolRefusedError(message, kind="declined") from error


def _make_form(word: str) -> dict[str, Any]:
    choice = {
        "type": "boolean",
        "title": word,
        "description": "For this one job.",
        "default": False,
    }
    return {"type": "object", "properties": {_ANSWER: choice}, "required": [_ANSWER]}
