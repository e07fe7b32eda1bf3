"""What Runway answers: recorded by other projects, or as the vendor's pages and types show it."""

# ---- Recorded at api.dev.runwayml.com on 2026-08-26, in the integration notes of a routing service
# on POST /v1/video_upscale, which has the same tasks; the token in the URL is theirs to hide.
ID = "acf9ba3d-a513-42c9-a646-96e8bc97c691"
BORN = "2026-08-26T06:30:33.796Z"
URL = (
    "https://dnznrvs05pmza.cloudfront.net/magnific_video_upscaler/magnific_video_upscaler_creative/"
    f"{ID}/video_upscale___https___runway_uploads_prod_s3_amazonaws_com_public_api_c5750bda_cf20_4aa2_"
    "b72c_5f02.mp4?_jwt=redacted"
)
ACCEPTED = {"id": ID, "estimatedCost": {"credits": 63}}
PENDING = {"id": ID, "createdAt": BORN, "status": "PENDING", "estimatedCost": {"credits": 63}}
RUNNING = {**PENDING, "status": "RUNNING", "progress": 0.02}
SUCCEEDED = {
    "id": ID,
    "createdAt": BORN,
    "status": "SUCCEEDED",
    "output": [URL],
    "cost": {"credits": 63},
}
DELETED = {"error": "Could not find Task"}
TOO_LONG = {
    "error": "Validation of body failed",
    "issues": [
        {
            "code": "too_big",
            "maximum": 30,
            "type": "number",
            "inclusive": True,
            "origin": "number",
            "message": "Asset duration must be at most 30 seconds",
            "path": ["videoUri"],
        }
    ],
    "docUrl": "https://docs.dev.runwayml.com/api",
}

# ---- Recorded there on 2026-08-11: the tests of a client of POST /v1/text_to_speech, which sent {}.
INVALID = {
    "error": "Validation of body failed",
    "issues": [
        {
            "expected": "string",
            "code": "invalid_type",
            "path": ["model"],
            "message": "Invalid input: expected string, received undefined",
        },
        {
            "code": "invalid_union",
            "errors": [],
            "note": "No matching discriminator",
            "discriminator": "model",
            "path": ["model"],
            "message": "Invalid input",
        },
    ],
    "docUrl": "https://docs.dev.runwayml.com/api",
}

# ---- https://github.com/runwayml/sdk-node/issues/28, and the tests of many clients.
NO_MONEY = {"error": "You do not have enough credits to run this task."}

# ---- The types of the SDK, task_retrieve_response.py: no sample of these was published.
THROTTLED = {"id": ID, "createdAt": BORN, "status": "THROTTLED"}
CANCELLED = {"id": ID, "createdAt": BORN, "status": "CANCELLED", "cost": {"credits": 0}}
FAILED = {
    "id": ID,
    "createdAt": BORN,
    "status": "FAILED",
    "failure": "The prompt was rejected",
    "failureCode": "SAFETY.INPUT.TEXT",
    "cost": {"credits": 60},
}

WORDS = {
    "PENDING": "queued",
    "THROTTLED": "queued",
    "RUNNING": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
}
