"""What a command is to plan or make: a job for a selector, or a plan that was saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click
from attrs import frozen

from anyvideo.cli.files import read_text
from anyvideo.cli.options import config_option, model_option, sandbox_option
from anyvideo.cli.run import Run
from anyvideo.cli.wishes import has_wishes, job_options, policy_option, read_job, read_policy
from anyvideo.client.sync import Client
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.saved import read_plan

SANDBOX_MODEL = "apiyi/grok-imagine-video-1.5"
Function = TypeVar("Function", bound=Callable[..., Any])


@frozen
class Order:
    """What is to be made, where, and the plan for it; `note` says what was chosen unasked."""

    client: Client
    work: VideoJob | Plan
    plan: Plan
    model: str | None = None
    policy: Policy | None = None
    note: str = ""


def order_options(command: Function) -> Function:
    """Give a command everything that `read_order` reads."""
    for option in (config_option, policy_option, sandbox_option, model_option, job_options):
        command = option(command)
    return command


def read_order(
    run: Run, given: Mapping[str, Any], plan_file: str | None = None, *, sends: bool = True
) -> Order:
    """Return what the options of a command ask for, and whether it is to be sent.

    Raises:
        UsageError: a saved plan and something that would change it.
        AnyVideoError: a setting, the job, the policy or the plan is wrong, or nobody takes it.

    """
    if plan_file is not None and has_wishes(given):
        message = "a saved plan is applied as it is: drop PROMPT, --model, --policy and the like"
        raise click.UsageError(message, click.get_current_context())
    client = run.open_client(given["config"], sandbox=given["sandbox"], sends=sends)
    if plan_file is not None:
        plan = read_plan(client.session, read_text(plan_file, "the plan"))
        return Order(client, plan, plan)
    job = read_job(given)
    policy = read_policy(given["rules"], client.session.config.policy)
    model, note = given["model"], ""
    if given["sandbox"] and model is None and client.session.config.model is None:
        model, note = SANDBOX_MODEL, f"without -m the sandbox takes {SANDBOX_MODEL}"
    return Order(client, job, client.plan(job, model, policy=policy), model, policy, note)
