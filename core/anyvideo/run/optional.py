"""The operations that not every adapter has: remixes, cancelling, and characters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from anyvideo.adapters.calls import find_operation
from anyvideo.adapters.protocol import CharacterRef
from anyvideo.errors import NegotiationError, UnsupportedError
from anyvideo.model.media import Character
from anyvideo.negotiation.negotiate import find_retirement
from anyvideo.planning.remixes import plan_remix
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import run_operation
from anyvideo.run.keys import find_submitted
from anyvideo.run.poll import ask, prepare
from anyvideo.run.records import new_entry, start_attempt
from anyvideo.run.submit import admit, pay
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Steps

if TYPE_CHECKING:
    from anyvideo.run.route import OnPlan


def remix(  # noqa: PLR0913 (all of it is the caller's choice)
    session: Session,
    old: Task,
    prompt: str,
    size: str | None = None,
    key: str | None = None,
    *,
    wait: bool = True,
    on_plan: OnPlan | None = None,
) -> Steps[Task]:
    """Make a new task from an old one, at most once; return the task that `key` already names.

    Raises:
        JobError: the prompt is empty, or the size cannot be read.
        InFlightError: another process is sending the job of the key, and `wait` is False.
        NegotiationError: the model was switched off, or does not come in the size.
        UnsupportedError: the provider has no remix.
    """
    provider = session.provider_of(old)
    operation = find_operation(provider.adapter, "remix")
    if operation is None:
        message = f"{provider.alias} has no remix; choose a provider that documents it"
        raise UnsupportedError(message)
    plan = plan_remix(session, provider, operation, old, prompt, size)
    while True:
        known = yield from find_submitted(session, key, [plan], remixes=old.id, wait=wait)
        if known is not None:
            return known
        if on_plan is not None:
            on_plan(plan, None)
        entry = new_entry(session, provider, plan, key, remixes=old.id)
        admitted = yield from admit(session, provider, plan, entry)
        if admitted is not None:
            attempt = start_attempt(session, provider, admitted, "remix")
            granted = plan.job
            work = partial(operation, old, granted.prompt, granted.size)
            return (yield from pay(attempt, admitted, work))


def cancel(session: Session, task: Task) -> Steps[Task]:
    """Ask the vendor to stop a job, and return the task as it stands then.

    Its `cost` is 0 where the vendor says that it bills nothing. A task that has ended is returned
    as it is.

    Raises:
        AmbiguousSubmitError: it is unknown whether the job exists.
        ProviderError: the vendor refused, or did not answer; the task is as it was.
        UnsupportedError: the provider has no way to cancel.
    """
    if task.status.final:
        return task
    attempt = prepare(session, task, "cancel")
    operation = find_operation(attempt.provider.adapter, "cancel")
    if operation is None:
        message = f"{attempt.provider.alias} cannot cancel a job; it goes on, and is billed"
        raise UnsupportedError(message, task=task)
    return (yield from ask(attempt, task, operation, run_operation))


def create_character(session: Session, character: Character, model: str) -> Steps[CharacterRef]:
    """Create a character at the first selected provider that can.

    Raises:
        NegotiationError: the selected models of the providers that can were switched off.
        UnsupportedError: no selected provider can.
        ProviderError: the vendor refused, or its answer cannot be read.
    """
    retired: list[str] = []
    pairs = select(session, model)
    for provider, offer in pairs:
        operation = find_operation(provider.adapter, "create_character")
        if operation is None:
            continue
        if reason := find_retirement(offer, session.config.policy, session.today):
            retired.append(f"{offer.name}: {reason}")
            continue
        provider.require_key()
        attempt = Attempt(session, provider, "create_character", pays=True)
        result = yield from run_operation(attempt, operation, character)
        return attempt.check(result, CharacterRef)
    if retired:
        raise NegotiationError("; ".join(retired))
    names = ", ".join(dict.fromkeys(provider.alias for provider, _ in pairs))
    message = f"{names} cannot create characters; choose a provider that documents it"
    raise UnsupportedError(message)
