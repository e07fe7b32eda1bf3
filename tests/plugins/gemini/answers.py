"""What the tests of the Gemini adapter share: plans, a driver, and the documented answers."""

from attrs import evolve

from anyvideo.files.images import read_uploads
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Image, Task
from anyvideo_plugins.gemini.interactions import Gemini

GEMINI = Gemini()
ORIGIN = "https://generativelanguage.googleapis.com"
ID = "v1_ChdXS0l4YWZXTk9xbk0"
FILE = f"{ORIGIN}/v1beta/files/abc-123"
URL = f"{FILE}:download?alt=media"
ALLOW = Policy(retired="allow")
# A PNG of 1280x720 as far as its header goes, which is all that is read of it.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000500000002d0080200000000000000")
FIRST, LAST = Image(PNG), Image(PNG, "last_frame")


def reference(number=0):
    return Image(PNG + bytes([number]), "reference")


def offer_of(model):
    return next(offer for offer in GEMINI.offers() if offer.answers_to(model))


def plan_for(job, model="gemini-omni-1.1-flash"):
    plan = negotiate(job, offer_of(model), ALLOW, uploads=read_uploads(job))
    assert isinstance(plan, Plan), plan
    return plan


def task_of(**known):
    return evolve(Task("gemini", "gemini", ORIGIN, ID, "gemini-omni-1.1-flash"), **known)


def drive(flow, *answers):
    """Return what a flow ends with, and its requests; one for the file is left unanswered."""
    sent, left = [], list(answers)
    try:
        request = next(flow)
        while True:
            sent.append(request)
            request = flow.send(left.pop(0))
    except StopIteration as stop:
        assert not left, "the flow asked for less than it was given"
        return stop.value, sent


def complete(*blocks, **more):
    """Return a complete interaction whose model said these blocks."""
    steps = [
        {"type": "user_input", "content": [{"type": "text", "text": "a sunset"}]},
        {"type": "thought", "signature": "sig"},
        {"type": "model_output", "content": list(blocks)},
    ]
    return {"id": ID, "status": "completed", "object": "interaction", "steps": steps, **more}


# https://ai.google.dev/gemini-api/docs/omni: "Raw REST JSON structure (URI)".
VIDEO = {"type": "video", "mime_type": "video/mp4", "uri": URL}
COMPLETED = complete(VIDEO, model="gemini-omni-1.1-flash", created="2026-11-20T10:00:00Z")
# The same page, with `delivery` inline; the mp4 is cut.
INLINE = complete({"type": "video", "mime_type": "video/mp4", "data": "AAAAIGZ0eXBpc29t"})
# TanStack/ai issue 871, from the live API: a submit with background, and a poll.
SUBMITTED = {
    "id": ID,
    "status": "in_progress",
    "object": "interaction",
    "model": "gemini-omni-1.1-flash",
}
IN_PROGRESS = {**SUBMITTED, "created": "2026-11-20T10:00:00Z", "updated": "2026-11-20T10:00:09Z"}
FAILED = {
    "id": ID,
    "status": "failed",
    "error": {"code": "internal", "message": "Internal error encountered."},
}
# https://ai.google.dev/api/files, and the answer to a file that is gone.
ACTIVE = {"name": "files/abc-123", "mimeType": "video/mp4", "state": "ACTIVE"}
PROCESSING = {**ACTIVE, "state": "PROCESSING"}
NO_FILE = {
    "error": {
        "code": 403,
        "message": "You do not have permission to access the File abc-123 or it may not exist.",
        "status": "PERMISSION_DENIED",
    }
}


def early(code, status, message, **more):
    """Return an error of the front end of Google's APIs: https://aip.dev/193."""
    return {"error": {"code": code, "message": message, "status": status, **more}}


def late(code, message):
    """Return an error of the Interactions API itself, whose code is a word."""
    return {"error": {"message": message, "code": code}}


QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on"
    " this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)
RETRY = [
    {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": []},
    {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"},
]
# Each with its HTTP status, its kind, and whether a paid request may go out again. Sources: the
# troubleshooting page of the Gemini API; what is quoted in issues and tests of other projects.
REFUSED = [
    (
        early(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        400,
        "auth",
        False,
    ),
    (
        early(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."),
        400,
        "auth",
        False,
    ),
    (
        early(
            403,
            "PERMISSION_DENIED",
            "Your API key was reported as leaked. Please use another API key.",
        ),
        403,
        "auth",
        False,
    ),
    (
        early(
            403,
            "PERMISSION_DENIED",
            "Method doesn't allow unregistered callers (callers without established identity). Please use"
            " API Key or other form of API consumer identity to call this API.",
        ),
        403,
        "auth",
        False,
    ),
    # bike4mind, GeminiOmniVideoProvider.test.ts: in the front end's list, and seen live since October 2026.
    ([early(403, "API_KEY_SERVICE_BLOCKED", "Requests are blocked.")], 403, "permission", False),
    (
        late(
            "invalid_request", "Multiple authentication credentials received. Please pass only one."
        ),
        400,
        "auth",
        False,
    ),
    (
        early(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        400,
        "permission",
        False,
    ),
    # The same test-suite: safety, as a status and in words, and what only looks like it.
    (
        {
            "error": {
                "code": "invalid_request",
                "message": "Prompt blocked for safety reasons",
                "status": "PROHIBITED_CONTENT",
            }
        },
        400,
        "content_policy",
        False,
    ),
    ([early(400, "SAFETY", "Blocked")], 400, "content_policy", False),
    (
        {
            "error": {
                "message": "Unknown parameter 'safety_settings'.",
                "code": "invalid_request",
                "status": "INVALID_ARGUMENT",
            }
        },
        400,
        "invalid_request",
        False,
    ),
    (late("invalid_request", "Unknown parameter 'inputs'."), 400, "invalid_request", False),
    # Comfy-Org/ComfyUI issue 14961.
    (
        early(
            400,
            "INVALID_ARGUMENT",
            "gemini-omni-flash-preview is only supported in the Interactions API and cannot be called"
            " directly via generateContent.",
        ),
        400,
        "invalid_request",
        False,
    ),
    (
        early(
            404, "NOT_FOUND", "This model models/veo-3.1-generate-preview is no longer available."
        ),
        404,
        "model_unavailable",
        False,
    ),
    (
        early(
            404,
            "NOT_FOUND",
            "models/veo-4 is not found for API version v1beta, or is not supported for this method.",
        ),
        404,
        "model_unavailable",
        False,
    ),
    (
        early(
            429,
            "RESOURCE_EXHAUSTED",
            "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects"
            " to manage your project and billing.",
        ),
        429,
        "insufficient_funds",
        False,
    ),
    (
        early(429, "RESOURCE_EXHAUSTED", "Your project has exceeded its monthly spending cap."),
        429,
        "insufficient_funds",
        False,
    ),
    (early(429, "RESOURCE_EXHAUSTED", QUOTA, details=RETRY), 429, "rate_limited", True),
    ([early(429, "RESOURCE_EXHAUSTED", QUOTA, details=RETRY)], 429, "rate_limited", True),
    (
        early(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
        429,
        "rate_limited",
        True,
    ),
    (late("too_many_requests", "Please retry in 23.397s."), 429, "rate_limited", True),
    (early(500, "INTERNAL", "Internal error encountered."), 500, "server", False),
    (
        early(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        503,
        "server",
        False,
    ),
    (
        early(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
        504,
        "timeout",
        False,
    ),
]
