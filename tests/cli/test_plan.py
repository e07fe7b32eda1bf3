"""`anyvideo plan`."""

import json

FOX = "a red fox"
GROK = "apiyi/grok-imagine-video-1.5"
HAPPY = "apimart/happyhorse-1.0"


def test_the_exact_requests_are_shown_and_no_key_is_needed(call, tmp_path):
    result = call("plan", FOX, "-m", GROK, "--seconds", 4, "--size", "1280x720")

    assert result.code == 0
    assert "\nPOST https://api.apiyi.com/v1/videos\n  json {\n" in result.out
    assert '    "seconds": "4",\n' in result.out
    assert "  fingerprint  " in result.out
    assert "a failed job is billed too" in result.out
    assert "  source       https://docs.apiyi.com/" in result.out
    assert not list(tmp_path.glob("*.json"))


def test_the_request_of_a_local_image_names_the_file_and_its_size(call, tmp_path):
    image = bytes.fromhex(
        "89504e470d0a1a0a0000000d494844520000050000000 2d00802000000".replace(" ", "")
    )
    (tmp_path / "first.png").write_bytes(image + bytes(40))
    result = call("plan", FOX, "-m", GROK, "--size", "1280x720", "--image", "first.png")

    assert result.code == 0, result.err
    assert "  image        first_frame first.png" in result.out
    assert '"name": "first.png"' in result.out


def test_what_a_plan_takes_for_granted_is_said(call):
    far = "https://pictures.example/fox.png"
    result = call("plan", FOX, "-m", HAPPY, "--aspect-ratio", "16:9", "--image", far)

    assert result.code == 0, result.err
    assert "  assumed      aspect_ratio 16:9 needs an image of that shape" in result.out


def test_json_is_the_plan_that_can_be_applied(call, tmp_path):
    result = call("plan", FOX, "-m", GROK, "--json")
    assert call("plan", FOX, "-m", GROK, "-o", "deep/plan.json").code == 0

    saved = json.loads((tmp_path / "deep/plan.json").read_text("utf-8"))
    assert saved["fingerprint"] == result.json["fingerprint"]


def test_saving_says_how_to_apply(call):
    saved = call("plan", FOX, "-m", GROK, "-o", "plan.json").out
    tried = call("plan", FOX, "--sandbox", "-o", "a plan.json").out

    assert saved.endswith("apply it with: anyvideo generate --plan plan.json -o VIDEO\n")
    assert tried.endswith("anyvideo generate --sandbox --plan 'a plan.json' -o VIDEO\n")
    assert call("generate", "--sandbox", "--plan", "a plan.json", "-o", "fox.mp4").code == 0


def test_a_plan_that_cannot_be_written_is_one_line(call, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    result = call("plan", FOX, "-m", GROK, "-o", "file/plan.json")

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "cannot be written" in result.err


def test_a_plan_whose_price_has_changed_is_refused(call, account, sandbox, tmp_path):
    assert call("plan", FOX, "-o", "plan.json").code == 0
    with account.open("a", encoding="utf-8") as file:
        file.write(
            '\n[[offers]]\nadapter = "apiyi"\nmodel = "grok-imagine-video-1.5"\n'
            'price = { amount = "0.5" }\n'
        )
    result = call("generate", "--plan", "plan.json", "-o", "fox.mp4")

    assert result.code == 3
    assert "price" in result.err
    assert sandbox.posts() == []


def test_everything_else_that_was_asked_is_shown(call):
    result = call(
        "plan", FOX, "-m", "apimart/kling-v3", "--set", "audio=on", "--set", "options.apimart.x=1"
    )  # fmt: skip

    assert result.code == 0, result.err
    assert "sound on" in result.out
    assert "  options      apimart: x=1" in result.out


def test_what_sends_nothing_needs_no_journal(call, monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    monkeypatch.setenv("ANYVIDEO_HOME", str(blocked))

    assert call("plan", FOX, "-m", GROK).code == 0
    assert call("models", GROK).code == 0
    assert call("jobs").code != 0


def test_what_the_row_says_of_an_offer_stands_in_its_plan(call):
    veo = call("plan", FOX, "-m", "apimart/veo-3.1-fast")

    assert any(line.startswith("  note         in doubt: Google shut") for line in veo.lines)
