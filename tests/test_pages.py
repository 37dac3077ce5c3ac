"""The report in a browser: Debian's Chromium, headless, with the network cut.

Where there is no Chromium these tests are skipped, and say so; with SINGLESTEP_BROWSER=required they fail instead, as in
`.ci/run`, which installs it.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import hostile
from tests.test_run import small, use_fake_world

from singlestep.report import charts, write_report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REQUIRED = os.environ.get("SINGLESTEP_BROWSER") == "required"
MISSING = "no Chromium here, so no page was looked at in a browser (apt-get install chromium)"
WIDE, NARROW = (1100, 900), (360, 740)
PATIENCE = 60_000  # milliseconds
FEW_ROWS = "document.querySelectorAll('tbody').forEach(part => [...part.rows].slice(2).forEach(row => row.remove()))"

if CHROMIUM is None and not REQUIRED:
    warnings.warn(MISSING, stacklevel=1)
    print(MISSING, file=sys.stderr)
    pytestmark = pytest.mark.skip(reason=MISSING)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of a run, and one of a run whose every name is hostile."""
    place = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        use_fake_world(patch.setattr)
        run = small(out=place / "run", seeds=3).folder
    shutil.copytree(run, place / "hostile")
    hostile.poison(place / "hostile")
    return {"run": write_report(run), "hostile": write_report(place / "hostile")}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.fail(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Tab:
    """A page opened in a context of its own, drawn to the end; it keeps what the console said and what was asked for."""

    def __init__(self, browser: Any, path: Path, size: tuple[int, int], scheme: str = "light") -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, offline=True, accept_downloads=True
        )
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.documentElement.dataset.drawn", timeout=PATIENCE)
        own = path.as_uri()
        self.asked = [address for address in self.asked if address != own and not address.startswith("data:")]

    def violations(self) -> list[tuple[str, str]]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)


@pytest.fixture
def open_tab(browser: Any) -> Iterator[Any]:
    tabs: list[Tab] = []

    def opened(*arguments: Any) -> Tab:
        tabs.append(Tab(browser, *arguments))
        return tabs[-1]

    yield opened
    for tab in tabs:
        tab.context.close()


OUTSIDE = """[...document.querySelectorAll('[data-figure]')].flatMap(figure => {
    const box = figure.getBoundingClientRect();
    return [...figure.querySelectorAll('text')].filter(text => {
        const own = text.getBoundingClientRect();
        return own.width && (own.left < box.left - 2 || own.right > box.right + 2);
    }).map(text => figure.id + ': ' + text.textContent);
})"""


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(WIDE, "light", id="wide-light"),
        pytest.param(NARROW, "dark", id="narrow-dark"),
        pytest.param(NARROW, "light", id="narrow-light", marks=pytest.mark.slow),
        pytest.param(WIDE, "dark", id="wide-dark", marks=pytest.mark.slow),
    ],
)
def test_a_page_is_drawn_whole_and_breaks_no_rule(open_tab: Any, pages: dict[str, Path], size: Any, scheme: str) -> None:
    tab = open_tab(pages["run"], size, scheme)
    assert tab.said == [] and tab.asked == []
    figures = tab.ask("document.querySelectorAll('[data-figure]').length")
    assert figures >= 18 and tab.ask("document.querySelectorAll('[data-figure] svg').length") == figures
    colours = set(tab.ask("[...document.querySelectorAll('.chart text')].map(t => getComputedStyle(t).fill)"))
    inks = {charts.INK, charts.SOFT} if scheme == "light" else {charts.DARK[charts.INK], charts.DARK[charts.SOFT]}
    assert colours == {"rgb({}, {}, {})".format(*bytes.fromhex(ink[1:])) for ink in inks}
    assert tab.ask(OUTSIDE) == []
    tab.ask("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert tab.ask("document.documentElement.scrollWidth") <= size[0]
    tab.ask(FEW_ROWS)
    assert tab.violations() == []


def test_a_page_can_be_read_by_keyboard_and_its_data_saved(open_tab: Any, pages: dict[str, Path]) -> None:
    tab = open_tab(pages["run"], WIDE)
    tab.page.keyboard.press("Tab")
    assert tab.ask("document.activeElement.className") == "skip"
    tab.page.keyboard.press("Enter")
    assert tab.ask("location.hash") == "#what-happened"
    tab.page.focus("#figure-classes summary")
    tab.page.keyboard.press("Enter")
    assert tab.page.is_visible("#table-classes")
    tab.page.keyboard.press("Tab")
    assert tab.ask("document.activeElement.getAttribute('role')") == "region"  # the table scrolls by keyboard

    tab.page.click("#figure-harms summary")
    with tab.page.expect_download() as saved:
        tab.page.click("#figure-harms a[download]")
    assert saved.value.suggested_filename == "harms.csv"
    text = Path(saved.value.path()).read_text()
    assert text.startswith("measure,world,n,d,value,low,high,formula\nerroneous,sternness,") and tab.said == []


def test_a_printed_page_fits_its_paper(open_tab: Any, pages: dict[str, Path]) -> None:
    tab = open_tab(pages["run"], WIDE, "dark")
    tab.page.emulate_media(media="print", color_scheme="dark")
    tab.page.set_viewport_size({"width": 670, "height": 950})  # an A4 page less its margins
    assert tab.ask("document.documentElement.scrollWidth") <= 670
    assert tab.ask("getComputedStyle(document.body).color") == "rgb(32, 36, 43)"
    assert tab.page.pdf(format="A4").startswith(b"%PDF")
    tab.ask("window.dispatchEvent(new Event('beforeprint'))")
    tables = "[...document.querySelectorAll('figure table')]"
    assert tab.ask(f"{tables}.length") >= 18 and tab.ask(f"{tables}.every(table => table.offsetHeight > 0)")
    assert tab.ask("document.documentElement.scrollWidth") <= 670


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_hostile_names_do_nothing_but_stand_there(open_tab: Any, pages: dict[str, Path], scheme: str) -> None:
    tab = open_tab(pages["hostile"], WIDE, scheme)
    tab.ask("document.querySelectorAll('details').forEach(part => { part.open = true })")
    tab.page.mouse.move(300, 300)
    assert tab.said == [] and tab.asked == [] and tab.ask("window.hit") is None
    assert tab.ask("document.querySelectorAll('main :is(img, iframe, input, button, base, meta, link)').length") == 0
    handlers = "[...document.querySelectorAll('*')].filter(e => e.getAttributeNames().some(n => /^on/.test(n))).length"
    assert tab.ask(handlers) == 0
    shown = tab.ask("document.querySelector('.cited').innerText")
    assert "<script>window.hit=1</script>" in shown and "{{ 7 * 7 }}" in shown
    drawn = tab.ask("[...document.querySelectorAll('.chart text')].map(t => t.textContent).join(' ')")
    assert "<script>" in drawn
    tab.ask(FEW_ROWS)
    assert tab.violations() == []


def test_the_policy_of_the_page_stops_what_is_not_its_own(open_tab: Any, pages: dict[str, Path]) -> None:
    tab = open_tab(pages["run"], WIDE)
    tab.ask("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    tab.ask("document.body.appendChild(Object.assign(document.createElement('script'), {textContent: 'window.hit=1'}))")
    tab.ask("void setTimeout('window.hit=1')")
    tab.page.wait_for_timeout(200)
    stopped = [text for text in tab.said if "Content Security Policy" in text]
    assert tab.ask("window.hit") is None and len(stopped) >= 3
