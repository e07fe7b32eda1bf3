"""What a vendor is told of a job beforehand: its reference, and an idempotency key."""

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import AmbiguousSubmitError, ProviderError
from anyvideo.model.wire import name_job
from anyvideo.plugin import Request, Task, read_report
from tests.acme.adapter import Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_body, read_row
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse
from tests.run.leaving import leave_ambiguous

MODEL = "acme/acme-1"
LOST = httpx.ReadTimeout("slow")


class Naming(Acme):
    """Acme with a field for the caller's id, and with the header that makes requests idempotent."""

    reference, idempotency = "client_id", ""

    def order(self, body):
        return evolve(super().order(body), reference=self.reference, idempotency=self.idempotency)

    def find(self, task):
        response = yield Request("GET", f"/v1/videos/{task.reference}")
        return read_report(response) if response.ok else None


def make_vendor(**words):
    adapter = Naming()
    vars(adapter).update(words)
    return Vendor(plugin=Plugin(adapter))


def test_the_job_carries_its_ref(kind):
    vendor = make_vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL, key="order-7")

    assert read_body(vendor.posts[0])["client_id"] == task.ref == "order-7"
    assert "idempotency-key" not in vendor.posts[0].headers


def test_a_ref_that_is_no_plain_word_is_told_as_its_hash(kind):
    vendor = make_vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL, key="Bestellung 7, für Jürgen")

    told = read_body(vendor.posts[0])["client_id"]
    assert told == task.reference
    assert (len(told), told.isalnum()) == (32, True)
    assert Task("acme", "acme", "", "1", "m").reference == ""


def test_a_form_carries_it_too():
    request = Request("POST", "/x", form={"a": "b"}, paid=True, reference="id", idempotency="X-Key")
    named = name_job(request, "order-7")

    assert (named.form, named.headers) == ({"a": "b", "id": "order-7"}, {"X-Key": "order-7"})
    assert name_job(evolve(request, paid=False), "order-7").headers == {}


@pytest.mark.parametrize("given", ["mine", "", None])
def test_an_id_of_the_caller_stays(given):
    order = Request("POST", "/x", json={"id": given}, paid=True, reference="id")
    form = Request("POST", "/x", form={"id": "mine"}, paid=True, reference="id")

    assert name_job(order, "order-7").json == {"id": given}
    assert name_job(form, "order-7").form == {"id": "mine"}


def test_a_job_whose_answer_was_lost_is_found_by_it(kind):
    vendor = make_vendor()
    with open_client(kind, vendor) as client:
        task = leave_ambiguous(client)
        found = client.resume(task)

    assert (found.id, found.ref) == (task.reference, task.ref)
    assert vendor.posts == []


@pytest.mark.parametrize("answer", [LOST, httpx.ReadError("reset"), lambda _: refuse(502)])
def test_a_lost_answer_is_asked_for_again_with_the_same_key(kind, answer):
    vendor = make_vendor(reference="", idempotency="Idempotency-Key")
    vendor.plan("submit", answer)
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)

    first, second = (post.headers["idempotency-key"] for post in vendor.posts)
    assert first == second == task.ref
    assert task.status == "queued"


def test_it_is_ambiguous_where_no_answer_comes_at_all(kind):
    vendor = make_vendor(reference="", idempotency="Idempotency-Key")
    vendor.plan("submit", *[LOST] * 5)
    with open_client(kind, vendor) as client:
        with pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL)
        assert read_row(client).state == "ambiguous"

    assert len(vendor.posts) == 5


def test_without_retries_there_is_one_post(kind):
    vendor = make_vendor(reference="", idempotency="Idempotency-Key")
    vendor.plan("submit", LOST)
    with (
        open_client(kind, vendor, {**CONFIG, "retries": 0}) as client,
        pytest.raises(AmbiguousSubmitError),
    ):
        client.submit(JOB, MODEL)

    assert len(vendor.posts) == 1


def test_a_refusal_is_not_repeated(kind):
    vendor = make_vendor(reference="", idempotency="Idempotency-Key")
    vendor.plan("submit", lambda _: refuse(400))
    with open_client(kind, vendor) as client, pytest.raises(ProviderError):
        client.submit(JOB, MODEL)

    assert len(vendor.posts) == 1


def test_a_plan_says_where_it_goes(kind):
    with open_client(kind, make_vendor(idempotency="Idempotency-Key")) as client:
        described = client.plan(JOB, MODEL).to_json()

    assert '"reference": "client_id"' in described
    assert '"idempotency": "Idempotency-Key"' in described
