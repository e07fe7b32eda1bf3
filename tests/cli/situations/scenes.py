"""The situations: what a person does, in the order in which it happens."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from anyvideo import Client
from anyvideo.run.records import new_entry, require_journal
from anyvideo.testing.samples import draw_picture
from tests.cli.situations.stage import GROK, KLING, Stage

Scene = Callable[[Stage], None]
FOX = '"a red fox"'
IN_YUAN = """
[[offers]]
provider = "apimart"
model = "kling-v3"
price = { amount = "0.50", per = "second", currency = "CNY", checked = 2026-11-01 }
"""
HERO = f"""
[routes.hero]
models = ["{GROK}", "{KLING}"]
"""


def models_of_a_vendor(stage: Stage) -> None:
    stage.run("anyvideo models 'apiyi/grok*'")


def compare_some_models(stage: Stage) -> None:
    stage.run(f"anyvideo compare {FOX} --seconds 5 --resolution 720p -m 'kling*,apiyi/grok*'")


def one_model_many_sellers(stage: Stage) -> None:
    stage.run(f"anyvideo compare {FOX} --seconds 5 -m kling-v3")


def a_model_that_was_switched_off_at_its_maker(stage: Stage) -> None:
    stage.run(f"anyvideo plan {FOX} -m gemini/veo-3.1")


def why_an_offer_refuses(stage: Stage) -> None:
    stage.run(f"anyvideo compare {FOX} --seconds 20 --set seed=7 -m {GROK} --why")


def two_currencies_without_a_rate(stage: Stage) -> None:
    stage.configure(IN_YUAN)
    stage.run(f"anyvideo compare {FOX} --seconds 5 -m '{KLING},{GROK}'")


def two_currencies_at_a_rate(stage: Stage) -> None:
    stage.configure(IN_YUAN)
    stage.configure('[currencies]\nusd = { CNY = "0.14" }\nchecked = 2026-11-20')
    stage.run(f"anyvideo compare {FOX} --seconds 5 -m '{KLING},{GROK}'")


def the_cheapest_of_two_currencies(stage: Stage) -> None:
    stage.configure(IN_YUAN)
    stage.configure(HERO + 'prefer = "cheapest"')
    stage.run(f"anyvideo plan {FOX} --seconds 5 -m hero")


def a_budget_in_another_currency(stage: Stage) -> None:
    stage.configure(IN_YUAN)
    stage.configure('[budget]\nmoney = "5.00"')
    stage.run(f"anyvideo generate {FOX} --seconds 5 -m {KLING} -o fox.mp4")
    stage.run("anyvideo jobs")


def a_budget_that_is_used_up(stage: Stage) -> None:
    stage.configure('[budget]\nmoney = "0.70"')
    for _ in range(3):
        stage.run(f"anyvideo generate {FOX} --seconds 4 -m {GROK} -q")
    stage.run("anyvideo jobs --all --spend")
    stage.later(86_400, "the next day")
    stage.run(f"anyvideo generate {FOX} --seconds 4 -m {GROK} -q")


def the_first_video(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --sandbox -m {GROK} --seconds 4 -o fox.mp4")


def a_policy_changes_the_length(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 20 --policy seconds=down -o fox.mp4")


def a_refusal_names_what_would_do(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 20 -o fox.mp4")


def a_limit_on_the_cost(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 10 --max-cost 0.50 -o fox.mp4")
    stage.run(f"anyvideo generate {FOX} --seconds 6 --max-cost 0.50 -o fox.mp4 -q")


def a_fallback(stage: Stage) -> None:
    stage.configure(HERO)
    stage.patch.setenv("APIYI_API_KEY", "sandbox-402")
    stage.run(f"anyvideo generate {FOX} --seconds 5 -m hero -o fox.mp4")


def a_fallback_that_is_refused_too(stage: Stage) -> None:
    stage.configure(HERO)
    stage.patch.setenv("APIYI_API_KEY", "sandbox-402")
    stage.patch.setenv("APIMART_API_KEY", "sandbox-401")
    stage.run(f"anyvideo generate {FOX} --seconds 5 -m hero -o fox.mp4")


def no_fallback_after_an_unclear_answer(stage: Stage) -> None:
    stage.configure(HERO)
    stage.run('anyvideo generate "a red fox [fault:502-after-accept]" -m hero -o fox.mp4')
    stage.run("anyvideo jobs")


def the_same_key_again(stage: Stage) -> None:
    for _ in range(2):
        stage.run(f"anyvideo generate {FOX} --seconds 4 --key order-7 -o fox.mp4 --overwrite")
    stage.note(f"{len(stage.sandbox.posts())} paid request reached the vendor")


def the_same_key_for_another_job(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 4 --key order-7 -o fox.mp4 -q")
    stage.run('anyvideo generate "a grey wolf" --seconds 4 --key order-7 -o wolf.mp4')
    stage.run(f"anyvideo generate {FOX} --seconds 4 -m {KLING} --key order-7 -o kling.mp4")


def an_existing_file(stage: Stage) -> None:
    (stage.folder / "fox.mp4").write_bytes(b"precious")
    stage.run(f"anyvideo generate {FOX} -o fox.mp4")


def a_job_fetched_the_next_day(stage: Stage) -> None:
    stage.sandbox.misbehave("stuck")
    stage.run(f"anyvideo generate {FOX} --key order-7 -o fox.mp4 --timeout 60")
    stage.sandbox.misbehave()
    stage.later(20 * 3600, "20 hours later")
    stage.run("anyvideo jobs")
    stage.run("anyvideo resume order-7")
    stage.run(f"anyvideo models {GROK}")
    stage.run(f"anyvideo generate {FOX} -o next.mp4")


def a_file_that_the_vendor_no_longer_has(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:expired]" --key order-7 -o fox.mp4')
    stage.run("anyvideo resume order-7")
    stage.run("anyvideo jobs --all")


def an_answer_that_was_lost(stage: Stage) -> None:
    lost = '"a red fox [fault:drop-after-accept]"'
    stage.run(f"anyvideo generate {lost} --key order-7 -o fox.mp4")
    stage.run("anyvideo jobs")
    stage.run(f"anyvideo generate {lost} --key order-7 -o fox.mp4")
    stage.note("the vendor's dashboard shows the job")
    stage.run(f"anyvideo resume order-7 --task-id {stage.sandbox.tasks[-1].id}")


def an_answer_that_was_lost_for_no_job(stage: Stage) -> None:
    lost = '"a red fox [fault:drop-after-accept]"'
    stage.run(f"anyvideo generate {lost} --key order-7 -o fox.mp4 -q")
    stage.note("the vendor's dashboard shows no such job")
    stage.run("anyvideo resume order-7 --not-created")
    stage.run("anyvideo jobs --all --spend")


def a_process_that_ended_before_it_sent(stage: Stage) -> None:
    _leave_unsent(stage)
    stage.run("anyvideo jobs")
    stage.run("anyvideo resume order-7 -o fox.mp4")


def a_price_that_changed_before_it_was_sent(stage: Stage) -> None:
    _leave_unsent(stage)
    stage.configure(
        f'[[offers]]\nprovider = "apiyi"\nmodel = "{GROK[6:]}"\nprice = {{ amount = "9" }}'
    )
    stage.run("anyvideo resume order-7 -o fox.mp4")


def a_budget_that_was_used_up_before_it_was_sent(stage: Stage) -> None:
    _leave_unsent(stage)
    stage.configure("[budget]\nclips = 1")
    stage.run(f"anyvideo generate {FOX} --seconds 4 -o other.mp4 -q")
    stage.run("anyvideo resume order-7 -o fox.mp4")


def _leave_unsent(stage: Stage) -> None:
    """Leave a row as a process does that is killed just before the paid request."""
    with Client(str(stage.account), clock=stage.clock) as client:
        session, plan = client.session, client.plan("a red fox")
        entry = new_entry(session, session.provider(plan.provider), plan, "order-7")
        require_journal(session).open(entry)
    stage.later(120, "a process with the key order-7 was killed before it sent its job")


def a_download_that_was_cut(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:cut-download=20000]" --key order-7 -o fox.mp4')


def a_video_that_is_smaller_than_ordered(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:wrong-size]" --size 1280x720 -o fox.mp4 -q')
    stage.run(
        f'anyvideo generate "a red fox [fault:wrong-size]" --size 1280x720 -o f.mp4 -m {GROK}'
    )


def a_job_that_moderation_stopped(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:moderated=80]" --key order-7 -o fox.mp4')
    stage.run("anyvideo jobs --all")


def a_prompt_that_is_refused(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:moderated]" -o fox.mp4')
    stage.run("anyvideo jobs --all")


def an_account_without_money(stage: Stage) -> None:
    stage.patch.setenv("APIYI_API_KEY", "sandbox-402")
    stage.run(f"anyvideo generate {FOX} -o fox.mp4")


def a_wrong_key(stage: Stage) -> None:
    stage.patch.setenv("APIYI_API_KEY", "sandbox-401")
    stage.run(f"anyvideo generate {FOX} -o fox.mp4")


def no_key(stage: Stage) -> None:
    stage.patch.delenv("APIYI_API_KEY")
    stage.run(f"anyvideo generate {FOX} -o fox.mp4")
    stage.run("anyvideo providers")


def a_misspelt_model(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} -m apiyi/grok-imagine-vidoe -o fox.mp4")
    stage.run(f"anyvideo generate {FOX} -m apiyi/sora-2 -o fox.mp4")


def a_settings_file_with_mistakes(stage: Stage) -> None:
    stage.configure('[routes.bad]\nmodels = []\nprefer = "best"\n[policy]\nsecnds = "up"')
    stage.run(f"anyvideo plan {FOX}")


def what_lint_finds(stage: Stage) -> None:
    stage.configure(HERO)
    stage.configure('[routes.old]\nmodels = ["apiyi/sora-2"]')
    stage.patch.delenv("APIMART_API_KEY")
    stage.run("anyvideo lint")


def a_plan_reviewed_and_applied(stage: Stage) -> None:
    stage.run(f"anyvideo plan {FOX} --seconds 4 -o fox.json")
    stage.run("anyvideo generate --plan fox.json -o fox.mp4")


def a_plan_whose_price_changed(stage: Stage) -> None:
    stage.run(f"anyvideo plan {FOX} --seconds 4 -o fox.json -q")
    stage.configure(
        f'[[offers]]\nprovider = "apiyi"\nmodel = "{GROK[6:]}"\nprice = {{ amount = "9" }}'
    )
    stage.run("anyvideo generate --plan fox.json -o fox.mp4")


def a_list_of_jobs(stage: Stage) -> None:
    lines = ['{"prompt": "a fox", "seconds": 8}', '{"prompt": "a wolf", "secnds": 8}']
    (stage.folder / "jobs.jsonl").write_text("\n".join(lines), "utf-8")
    stage.run(f"anyvideo compare --jobs jobs.jsonl -m '{GROK},{KLING}'")


def a_narrow_terminal(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 4 -o fox.mp4 -q")
    stage.narrow(60)
    stage.run(f"anyvideo compare {FOX} --seconds 5 -m 'kling-v3,apiyi/grok*'")
    stage.run("anyvideo jobs --all")


def a_pipe(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --json -o fox.mp4")


def a_slow_vendor(stage: Stage) -> None:
    stage.run('anyvideo generate "a red fox [fault:stuck]" --timeout 300 --key order-7 -o fox.mp4')
    stage.run("anyvideo resume order-7 --timeout 60")


def a_second_vendor(stage: Stage) -> None:
    stage.run(f"anyvideo generate {FOX} --seconds 5 -o one.mp4 -q")
    own = stage.account.read_text("utf-8").replace(GROK, KLING)
    stage.account.write_text(own, "utf-8")
    stage.note(f'model = "{KLING}"')
    stage.run(f"anyvideo generate {FOX} --seconds 5 -o two.mp4 -q")
    stage.run("anyvideo jobs --all")


def a_notebook(stage: Stage) -> None:
    stage.play(f"""
comparison = client.compare("a red fox", "kling-v3,{GROK}")
print(repr(comparison))
print(comparison)
print(comparison._repr_html_())
""")


def a_web_app_with_two_processes(stage: Stage) -> None:
    stage.play("""
task = client.submit("a red fox", key="order-7")
(home / "table.json").write_text(task.to_json())
print("accepted:", task.status)
""")
    stage.note("another process")
    stage.play("""
task = client.resume((home / "table.json").read_text())
task = client.wait(task)
print(task.status, sum(map(len, client.iter_bytes(task))) > 10_000)
record = client.job("order-7")
print(record.job.prompt, record.facts.seconds, record.task.quote)
""")


def an_image_of_another_shape(stage: Stage) -> None:
    (stage.folder / "square.png").write_bytes(draw_picture(640, 640))
    turbo = f"{FOX} --aspect-ratio 16:9 --image square.png -m apimart/kling-3.0-turbo"
    stage.run(f"anyvideo plan {turbo}")
    stage.run(f"anyvideo compare {turbo} --policy aspect_ratio=nearest")
    url = turbo.replace("square.png", "https://example.com/fox.png")
    stage.run(f"anyvideo compare {url}")


def a_remix(stage: Stage) -> None:
    stage.play(f"""
from anyvideo import AnyVideoError
task = client.wait(client.submit("a red fox", "{GROK}"))
try:
    client.remix(task, "in autumn")
except AnyVideoError as error:
    print(type(error).__name__, error)
""")


def a_damaged_row(stage: Stage) -> None:
    for key in ("one", "two"):
        stage.run(f"anyvideo generate {FOX} --seconds 4 --key {key} -o {key}.mp4 -q")
    database = sqlite3.connect(Path(stage.folder) / "home" / "journal.sqlite", isolation_level=None)
    database.execute("UPDATE job SET task = '{' WHERE ref = 'one'")
    database.close()
    stage.note("something else has damaged the row of the job one")
    stage.run("anyvideo jobs --all")


def nothing_to_resume(stage: Stage) -> None:
    stage.run("anyvideo jobs")
    stage.run("anyvideo resume")
    stage.run("anyvideo resume order-9")


SCENES: dict[str, Scene] = {
    name.replace("_", "-"): scene
    for name, scene in list(globals().items())
    if callable(scene) and not name.startswith("_") and getattr(scene, "__module__", "") == __name__
}
