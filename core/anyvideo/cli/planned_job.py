"""The job that a command works on, with its plan; or a plan that was saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from attrs import frozen

from anyvideo.cli.context import CliContext
from anyvideo.cli.job_input import has_preferences, read_job, read_policy, read_text
from anyvideo.client.sync import Client
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.saved import read_plan

SANDBOX_MODEL = "apiyi/grok-imagine-video-1.5"


@frozen
class PlannedJob:
    """A job with its plan.

    Attributes:
        client: The client that planned it.
        submits: What `client` submits: the job, or the plan that was saved.
        plan: What would be sent.
        model: The selector; None for a saved plan.
        policy: How far fields may change; None for a saved plan.
        note: What was chosen without an option, in words.
    """

    client: Client
    submits: VideoJob | Plan
    plan: Plan
    model: str | None = None
    policy: Policy | None = None
    note: str = ""


def read_planned_job(
    context: CliContext,
    given: Mapping[str, Any],
    plan_file: str | None = None,
    *,
    sends: bool = True,
) -> PlannedJob:
    """Return the job of the options that `plan_options` gives a command, or a saved plan.

    Raises:
        UsageError: there is a saved plan, and an option that would change it.
        AnyVideoError: a setting, the job, the policy or the plan is wrong, or no offer accepts it.
    """
    if plan_file is not None and has_preferences(given):
        message = "a saved plan is applied as it is: drop PROMPT, --model, --policy and the like"
        raise click.UsageError(message, click.get_current_context())
    client = context.open_client(given["config"], sandbox=given["sandbox"], sends=sends)
    if plan_file is not None:
        plan = read_plan(client.session, read_text(plan_file, "the plan"))
        return PlannedJob(client, plan, plan)
    job = read_job(given)
    policy = read_policy(given["rules"], client.session.config.policy)
    model, note = given["model"], ""
    if given["sandbox"] and model is None and client.session.config.model is None:
        model, note = SANDBOX_MODEL, f"without -m the sandbox uses {SANDBOX_MODEL}"
    return PlannedJob(client, job, client.plan(job, model, policy=policy), model, policy, note)
