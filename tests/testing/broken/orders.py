"""Adapters that do not send what their offers sell."""

from attrs import evolve

from anyvideo.plugin import JobError
from tests.acme.sound import Sound


class _Drops(Sound):
    caught_by = "test_claims"
    dropped = ""

    def encode(self, plan, urls):
        body = super().encode(plan, urls)
        body.pop(self.dropped, None)
        return body


class DropsSeconds(_Drops):
    says = "acme/acme-1: seconds=5 and seconds=10 result in the same request"
    dropped = "seconds"


class DropsTheShape(_Drops):
    says = "16:9 720p and 9:16 720p result in the same request"
    dropped = "aspect_ratio"


class DropsSound(_Drops):
    says = "audio=True and audio=False result in the same request"
    dropped = "audio"


class DropsAWish(_Drops):
    says = "no negative_prompt and negative_prompt='blurry' result in the same request"
    dropped = "negative_prompt"


class DropsMetadata(_Drops):
    says = "no metadata and metadata={'order': '17'} result in the same request"
    dropped = "metadata"


class DropsTheCharacter(_Drops):
    says = "no character and character=Character(url='https://example.com/clip.mp4'"
    dropped = "who"


class TakesNoCharacter(Sound):
    caught_by, says = "test_claims", "character is offered, but none can be ordered"

    def encode(self, plan, urls):
        if plan.job.character is not None:
            message = "characters are not implemented"
            raise JobError(message)
        return super().encode(plan, urls)


class DropsImages(_Drops):
    says = "of 1 images as first_frame, 1 are in no request; see plan.images()"
    dropped = "images"


class DropsLocalImages(Sound):
    caught_by, says = "test_claims", "acme/acme-frames (tier standard): of 1 images as first_frame"

    def upload(self, upload):
        return evolve(super().upload(upload), files={})


class MixesUpTheFrames(Sound):
    caught_by, says = "test_claims", "first and last frame and the same two, swapped result in the"

    def encode(self, plan, urls):
        body = super().encode(plan, urls)
        for image in body.get("images", ()):
            image.pop("role")
        if "images" in body:
            body["images"].sort(key=str)
        return body


class RefusesReferences(Sound):
    caught_by, says = "test_claims", "images as reference are offered, but cannot be ordered"

    def encode(self, plan, urls):
        if plan.images("reference"):
            message = "references are not implemented"
            raise JobError(message)
        return super().encode(plan, urls)


class RefusesALength(Sound):
    caught_by, says = "test_claims", "seconds=10 is offered, but cannot be ordered: submit raises"

    def encode(self, plan, urls):
        return {**super().encode(plan, urls), "n": {5: 0, None: 0}[plan.job.seconds]}


class ShortensThePrompt(Sound):
    caught_by, says = "test_claims", "the prompt does not arrive as it is"

    def parameters(self, plan):
        return {**super().parameters(plan), "prompt": plan.job.prompt[:10]}


class YieldsText(Sound):
    caught_by, says = "test_claims", "submit yielded str; yield anyvideo.plugin.Request"

    def order(self, body):
        return "POST /v1/videos"


class SellsWhatNobodyCanOrder(Sound):
    caught_by, says = "test_claims", "its simplest job cannot be ordered: the prompt has"

    def offers(self):
        return [evolve(offer, prompt_max=3) for offer in super().offers()]


class DropsZero(Sound):
    caught_by, says = "test_falsy_values", "no seed and seed=0 result in the same request"

    def parameters(self, plan):
        return {name: value for name, value in super().parameters(plan).items() if value != 0}


class DropsFalse(Sound):
    caught_by, says = "test_falsy_values", "no watermark and watermark=False result in the same"

    def parameters(self, plan):
        return {name: value for name, value in super().parameters(plan).items() if value}


class DropsOptions(Sound):
    caught_by, says = "test_options", 'options={"acme": ...} do not arrive'

    def parameters(self, plan):
        return super().parameters(evolve(plan, asked=evolve(plan.asked, options={})))
