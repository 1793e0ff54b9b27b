"""The live page in a real browser.  Screenshots stay in ``screenshots/``, to be looked at."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import playwright.sync_api as api
import pytest
from chromium import FLAGS, browser_path

SCREENSHOTS = Path(__file__).parent / "screenshots"
PATIENCE_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = browser_path()
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address of a running page, and what its server says."""
    port = _free_port()
    log = tmp_path_factory.mktemp("viz") / "server.log"
    command = [sys.executable, "-m", "aimarket.cli.main", "viz", "baseline", "--port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}/", log
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        assert server.poll() is None, log.read_text()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"no server on port {port}: {log.read_text()}")


class Visit:
    """A tab that notes every request and complaint."""

    def __init__(self, browser: Any, address: str, width: int, height: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._request)
        self.page.on("websocket", self._request)
        self.page.on("response", self._response)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.goto(address)
        self.page.get_by_test_id("date").get_by_text("Before January 2023").wait_for()

    def _request(self, request: Any) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("blob", "data") and url.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    @property
    def step(self) -> int:
        return int(self.page.get_by_test_id("step").inner_text().split()[0])

    @property
    def date(self) -> str:
        return str(self.page.get_by_test_id("date").inner_text())

    def wait_for_step(self, low: int, high: int = 10_000) -> None:
        limit = time.monotonic() + PATIENCE_MS / 1000
        while not low <= self.step <= high:
            assert time.monotonic() < limit, f"month {self.step}, not {low} to {high}"
            time.sleep(0.03)

    def choose(self, place: str, value: str) -> None:
        self.page.locator(f".v-select{place}, {place} .v-select").first.click()
        self.page.get_by_role("option", name=value, exact=True).click()

    def keep(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def check(self) -> None:
        assert self.outside == []
        assert self.complaints == []


@pytest.fixture
def visit(browser: Any, served: tuple[str, Path], request: pytest.FixtureRequest) -> Iterator[Visit]:
    width, height = getattr(request, "param", (1280, 900))
    tab = Visit(browser, served[0], width, height)
    yield tab
    tab.context.close()
    assert "Traceback" not in served[1].read_text()


def test_plays_pauses_steps_and_resets(visit: Visit) -> None:
    visit.press("Play")
    visit.wait_for_step(5)
    visit.press("Pause")
    visit.page.get_by_role("button", name="Play").wait_for()
    time.sleep(0.5)
    paused = visit.step
    time.sleep(0.5)
    assert visit.step == paused

    visit.press("Step")
    visit.wait_for_step(paused + 1, paused + 1)
    visit.keep("market-1280")

    for _ in range(2):
        visit.press("Reset")
        visit.wait_for_step(0, 0)
        assert visit.date == "Before January 2023"
        visit.press("Step")
        visit.wait_for_step(1, 1)
        assert visit.date == "January 2023"
    visit.check()


def test_charts_and_table_show_the_month(visit: Visit) -> None:
    for step in range(1, 4):
        visit.press("Step")
        visit.wait_for_step(step, step)
    for chart in ("share", "lerner", "prices"):
        plot = visit.page.get_by_test_id(f"chart-{chart}")
        assert "March 2023" in plot.get_attribute("aria-label")
        assert plot.locator("canvas").count() == 1
        painted = plot.locator("canvas").evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v > 0)"
        )
        assert painted
    assert visit.page.locator("tbody tr").count() >= 5
    visit.check()


def test_scenario_and_seed_begin_a_new_world(visit: Visit) -> None:
    visit.press("Step")
    visit.wait_for_step(1, 1)
    visit.choose(".aim-scenario", "scenarios/dream_continues")
    visit.page.get_by_test_id("about").get_by_text("dream_continues, seed 1").wait_for()
    assert visit.step == 0
    seed = visit.page.get_by_label("Seed")
    seed.fill("12")
    seed.press("Enter")
    visit.page.get_by_test_id("about").get_by_text("seed 12").wait_for()
    visit.check()


def test_keyboard(visit: Visit) -> None:
    visit.page.locator("h1").click()
    visit.page.keyboard.press("ArrowRight")
    visit.wait_for_step(1, 1)
    visit.page.keyboard.press(" ")
    visit.wait_for_step(3)
    visit.page.keyboard.press("r")
    visit.wait_for_step(0, 0)
    visit.check()


def test_two_tabs_are_two_worlds(visit: Visit, browser: Any, served: tuple[str, Path]) -> None:
    other = Visit(browser, served[0], 1280, 900)
    try:
        other.press("Step")
        other.wait_for_step(1, 1)
        assert visit.step == 0
        other.check()
    finally:
        other.context.close()


@pytest.mark.parametrize("visit", [(390, 844)], indirect=True)
def test_usable_on_a_phone(visit: Visit) -> None:
    visit.press("Play")
    visit.wait_for_step(6)
    visit.press("Pause")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Play", "Step", "Reset"):
        box = visit.page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    visit.keep("market-390")
    visit.check()


def test_runs_to_the_horizon(visit: Visit) -> None:
    visit.choose(".aim-speed", "20")
    started = time.monotonic()
    visit.press("Play")
    visit.wait_for_step(96)
    print(f"{96 / (time.monotonic() - started):.1f} months drawn a second")
    assert visit.date == "December 2030"
    assert visit.page.get_by_role("button", name="Play").is_disabled()
    visit.keep("market-1280-end")
    visit.press("Reset")
    visit.wait_for_step(0, 0)
    visit.check()


def test_other_sites_may_not_connect(served: tuple[str, Path]) -> None:
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(served[0], headers={"Origin": "https://elsewhere.example"}), timeout=10)
