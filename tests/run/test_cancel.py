"""Jobs that the vendor is asked to stop."""

from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import AmbiguousSubmitError, ProviderError, UnsupportedError
from anyvideo.plugin import Request, diagnose, read_report
from tests.acme.adapter import Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import DONE, Vendor, refuse
from tests.run.leaving import leave_ambiguous

MODEL = "acme/acme-1"


class Cancelling(Acme):
    """Acme with DELETE, which says what is billed where it says so."""

    def cancel(self, task):
        response = yield Request("DELETE", f"/v1/videos/{task.id}")
        if not response.ok:
            raise diagnose(response)
        return evolve(read_report(response, id=task.id), cost=response.find("cost"))


def make_vendor(**answer):
    vendor = Vendor(plugin=Plugin(Cancelling()))
    vendor.plan("status", {"id": "task-1", "status": "cancelled", **answer})
    return vendor


@pytest.mark.parametrize(
    ("told", "cost", "counts"), [(None, None, True), (0, 0, False), ("0.10", Decimal("0.10"), True)]
)
def test_a_job_is_cancelled_and_its_bill_is_what_the_vendor_says(kind, told, cost, counts):
    vendor = make_vendor(cost=told)
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        stopped = client.cancel(task)
        row = client.session.journal.get(task.ref)

    assert (stopped.status, stopped.cost) == ("cancelled", cost)
    assert (row.state, row.counts, row.task.cost) == ("cancelled", counts, cost)
    assert [call.method for call in vendor.calls] == ["POST", "DELETE"]


def test_what_is_cancelled_for_free_leaves_room_in_the_budget(kind):
    config = {**CONFIG, "budget": {"clips": 1}}
    with open_client(kind, make_vendor(cost=0), config) as client:
        client.cancel(client.submit(JOB, MODEL))
        assert client.submit(JOB, MODEL).id == "task-2"


def test_a_job_that_goes_on_is_told_as_it_is(kind):
    vendor = Vendor(plugin=Plugin(Cancelling()))
    vendor.plan("status", {"id": "task-1", "status": "running"}, refuse(409, "too late"))
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        assert client.cancel(task).status == "running"
        with pytest.raises(ProviderError, match="too late") as caught:
            client.cancel(task)

    assert read_task(caught).id == "task-1"


def test_a_job_that_has_ended_is_left_alone(kind):
    vendor = Vendor(plugin=Plugin(Cancelling()))
    with open_client(kind, vendor) as client:
        assert client.cancel(DONE) == DONE

    assert vendor.calls == []


def test_what_cannot_be_cancelled_says_so(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        with pytest.raises(
            UnsupportedError, match="acme cannot cancel a job; it goes on"
        ) as caught:
            client.cancel(task)
        with pytest.raises(AmbiguousSubmitError):
            client.cancel(leave_ambiguous(client))

    assert read_task(caught) == task
    assert len(vendor.calls) == 1
