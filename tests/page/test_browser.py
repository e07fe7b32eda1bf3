"""The pages in a real browser: they play, sort and filter, load nothing, and anybody can use them."""

from decimal import Decimal

import pytest
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe

from anyvideo.page.entry import Page, PageRefusal
from anyvideo.page.render import write_page

pytestmark = pytest.mark.slow

EVIL = '</script><script>document.title="owned"</script> "quotes" \u2028 שועל אדום'
FOX = "a red fox runs through fresh snow, " * 40
# What the tests of a page ask again and again.
TITLES = "[...document.querySelectorAll('.card h3')].map(title => title.textContent)"
TIMES = "[...document.querySelectorAll('video')].map(video => video.currentTime)"
OPENED = "performance.timing.loadEventEnd - performance.timing.navigationStart"


@pytest.fixture
def show(browser, tmp_path):
    """Open a page, and check at the end that it wrote no error and asked nobody for anything."""
    complaints, contexts = [], []

    def open_page(page, *, width=1280, scheme="light", room=40_000_000):
        path = tmp_path / "page.html"
        write_page(page, path, room)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        shown = context.new_page()
        shown.set_default_timeout(5000)
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("request", lambda request: note(request.url))
        shown.goto(path.as_uri(), wait_until="load")
        return shown

    def note(url):
        if not url.startswith(("file:", "blob:", "data:")):
            complaints.append(url)

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def bakeoff(entry, films):
    """A page of three clips and a failure, whose texts try to be more than texts."""
    entries = (
        entry("beta/owl-2", quoted=Decimal("0.20"), seconds=30.0),
        entry("acme/fox-1", clip=films / "3.mp4", prompt=EVIL, adjustments=("seconds 4 to 2",)),
        entry("gamma/elk-3", quoted=Decimal("0.10"), currency="EUR", seconds=9.0),
        entry("delta/cat-4", state="failed", error=EVIL, clip=None, counts=False, seconds=None),
    )
    return Page("Bake-off", "clips", entries, (PageRefusal("eta/ant-5", "seconds 2: it takes 5"),))


def wait_until(shown, condition):
    """Wait for a condition; Playwright's own way evaluates a text, which the page's policy forbids."""
    for _ in range(250):
        if shown.evaluate(condition):
            return
        shown.wait_for_timeout(20)
    raise AssertionError(condition)


def wait_for_clips(shown, number):
    ready = "[...document.querySelectorAll('video')].filter(video => video.readyState > 1).length"
    wait_until(shown, f"{ready} === {number}")


def test_the_grid_plays_in_step_and_loops_on_the_longest(show, bakeoff):
    shown = show(bakeoff)
    wait_for_clips(shown, 3)
    assert shown.evaluate("[...document.querySelectorAll('video')].every(video => video.muted)")
    assert shown.locator("#clock").inner_text() == "0.0 / 3.0 s"
    shown.keyboard.press("Space")
    wait_until(shown, f"{TIMES}.every(time => time > 0.3)")
    times = shown.evaluate(TIMES)
    assert max(times) - min(times) < 0.4
    shown.click("#play")
    assert shown.evaluate("[...document.querySelectorAll('video')].every(video => video.paused)")
    shown.evaluate("document.activeElement.blur()")
    for _ in range(3):
        shown.keyboard.press("ArrowRight")
    # The clips of 2 s wait on their last frame for the one of 3 s.
    wait_until(shown, f"Math.round({TIMES}[0]) === 2 && {TIMES}[1] > 2.5")
    shown.keyboard.press("Space")
    wait_until(shown, f"{TIMES}.every(time => time > 0 && time < 1)")


def test_rows_are_sorted_and_filtered_by_mouse_and_keys(show, bakeoff):
    shown = show(bakeoff)
    shown.select_option("#sort", "cost")
    assert shown.evaluate(TITLES) == ["gamma/elk-3", "beta/owl-2", "acme/fox-1", "delta/cat-4"]
    shown.click("#table th:has-text('Name') button")
    assert shown.evaluate(TITLES) == ["acme/fox-1", "beta/owl-2", "delta/cat-4", "gamma/elk-3"]
    assert shown.get_attribute("#table th:has-text('Name')", "aria-sort") == "ascending"
    shown.select_option("#sort", "seconds")
    assert shown.evaluate(TITLES)[0] == "gamma/elk-3"
    shown.select_option("#state", "failed")
    assert shown.evaluate(TITLES) == ["delta/cat-4"]
    shown.select_option("#state", "")
    shown.evaluate("document.activeElement.blur()")
    shown.keyboard.press("/")
    shown.keyboard.type("owl")
    wait_until(shown, f"{TITLES}.join() === 'beta/owl-2'")
    assert shown.locator("#count").inner_text() == "1 of 4 rows"
    shown.keyboard.press("Escape")
    assert len(shown.evaluate(TITLES)) == 4


def test_texts_are_shown_as_texts(show, bakeoff):
    shown = show(bakeoff)
    assert shown.title() == "Bake-off"
    assert EVIL in shown.locator(".card").nth(1).evaluate("card => card.textContent")
    assert shown.locator(".card .prompt").nth(1).get_attribute("dir") == "auto"
    assert EVIL in shown.locator(".empty").evaluate("screen => screen.textContent")


@pytest.mark.parametrize(("kind", "width"), [("clips", 1280), ("prices", 390)])
def test_there_is_no_violation_of_accessibility(show, bakeoff, entry, kind, width):
    prices = tuple(entry(f"acme/fox-{n}", tier="720p" if n % 2 else "") for n in range(6))
    page = bakeoff if kind == "clips" else Page("Prices", "prices", prices, bakeoff.refusals, FOX)
    shown = show(page, width=width)
    shown.locator("#charts").scroll_into_view_if_needed()
    shown.wait_for_selector("#charts svg")
    for _ in ("light", "dark"):
        found = Axe().run(shown).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == []
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown.click("#theme")


def test_a_phone_shows_all_of_the_controls(show, bakeoff):
    shown = show(evolve(bakeoff, prompt=FOX), width=360)
    widest = "Math.max(...[...document.querySelectorAll('.bar *')].map(part => part.getBoundingClientRect().right))"
    assert shown.evaluate(
        f"document.documentElement.scrollWidth <= innerWidth && {widest} <= innerWidth"
    )


def test_each_currency_has_a_chart_of_its_own_that_follows_the_filter(show, bakeoff):
    shown = show(bakeoff)
    shown.locator("#charts").scroll_into_view_if_needed()
    shown.wait_for_selector("#charts svg")
    labels = shown.evaluate(
        "[...document.querySelectorAll('#charts svg[role=img]')].map(s => s.ariaLabel)"
    )
    assert [label.split(" against")[0] for label in labels] == ["Cost in EUR", "Cost in USD"]
    shown.select_option("#state", "failed")
    assert shown.locator("#charts").inner_text() == (
        "Nothing to draw: no row has the numbers for it."
    )


def test_the_theme_can_be_switched_and_paper_is_light(show, bakeoff):
    shown = show(bakeoff, scheme="dark")
    ground = "getComputedStyle(document.documentElement).colorScheme"
    shown.click("#theme")
    assert shown.evaluate(ground) == "light"
    shown.click("#theme")
    assert shown.evaluate(ground) == "dark"
    shown.emulate_media(media="print")
    assert shown.evaluate(ground) == "light"
    assert not shown.locator(".bar").is_visible()


def test_clips_beside_the_page_play_and_missing_ones_are_named(show, entry, films, tmp_path):
    gone, bad = tmp_path / "gone.mp4", tmp_path / "bad.mp4"
    for path in (gone, bad):
        path.write_bytes((films / "2.mp4").read_bytes())
    bad.write_bytes(b"\0" * 4096)
    entries = (entry(), entry(clip=gone), entry(clip=bad), entry(clip=tmp_path / "never.mp4"))
    shown = show(Page("Jobs", "clips", entries[:1]), room=0)
    wait_for_clips(shown, 1)
    assert shown.locator(".empty").count() == 0
    shown = show(Page("Jobs", "clips", entries[2:]), room=0)
    wait_until(shown, "document.querySelectorAll('.empty').length === 2")
    assert shown.locator(".empty").all_inner_texts() == [
        "bad.mp4 is missing, or not a video that this browser can show",
        "never.mp4 is missing",
    ]


def test_ten_thousand_rows_open_within_two_seconds(show, entry):
    entries = tuple(entry(f"acme/fox-{n}", prompt=f"a red fox {n}" * 5) for n in range(10_000))
    shown = show(Page("Jobs", "clips", entries))
    assert shown.evaluate(OPENED) < 2000
    assert shown.locator(".card").count() == 48
    shown.click("#more-cards")
    assert shown.locator(".card").count() == 96
    shown.fill("#search", "fox-9999")
    wait_until(shown, f"{TITLES}.join() === 'acme/fox-9999'")
