"""The live page without a browser: sessions step the real model, and hold visitors to their bounds."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the live page is not installed: pip install 'aimarket[viz]'")

from aimarket import AIMarket
from aimarket_viz.choices import LARGEST_SEED, Choice, scenarios, whole
from aimarket_viz.palette import colours
from aimarket_viz.server import _is_own
from aimarket_viz.session import Session
from aimarket_viz.world import MARKET_COLUMNS, World

PATIENCE = 20.0


class Visitor:
    """A page that draws at once, or, with ``draws`` off, never."""

    def __init__(self, draws: bool = True) -> None:
        self.session = Session()
        self.draws = draws
        self.messages: list[dict[str, Any]] = []
        self.session.start()
        self.session.attach(self.receive)
        self.wait(lambda: bool(self.messages))

    def receive(self, message: dict[str, Any]) -> None:
        self.messages.append(json.loads(json.dumps(message, allow_nan=False)))
        if self.draws:
            self.session.drawn(message["epoch"], message["step"])

    def wait(self, condition: Callable[[], bool]) -> None:
        limit = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < limit, "the session did not get there"
            time.sleep(0.005)

    @property
    def months(self) -> list[dict[str, Any]]:
        epoch = self.session.epoch
        return [m["month"] for m in self.messages if m["kind"] == "month" and m["epoch"] == epoch]

    def steps(self, count: int) -> list[dict[str, Any]]:
        goal = self.session.step_shown + count
        for _ in range(count):
            self.session.step()
        self.wait(lambda: self.session.step_shown == goal and len(self.months) == goal)
        return self.months


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    guest = Visitor()
    yield guest
    guest.session.close()


def test_months_are_those_of_the_model(visitor: Visitor) -> None:
    months = visitor.steps(3)
    model = AIMarket("baseline", seed=1)
    for month in months:
        model.step()
        row = model.recorder.latest("market")
        assert month["date"] == row["date"][:7]
        shown = dict(zip(MARKET_COLUMNS, month["market"], strict=True))
        for column, value in shown.items():
            assert (value is None) == math.isnan(row[column])
            assert value is None or value == pytest.approx(row[column], rel=1e-3)


def test_play_runs_on_until_pause(visitor: Visitor) -> None:
    visitor.session.set_speed(20)
    visitor.session.play()
    visitor.wait(lambda: len(visitor.months) >= 5)
    visitor.session.pause()
    assert not visitor.session.playing
    time.sleep(0.2)
    reached = len(visitor.months)
    time.sleep(0.3)
    assert len(visitor.months) == reached


def test_next_month_waits_until_the_page_has_drawn() -> None:
    visitor = Visitor(draws=False)
    try:
        visitor.session.play()
        time.sleep(0.5)
        assert visitor.session.step_shown == 0
        visitor.session.drawn(visitor.session.epoch, 0)
        visitor.wait(lambda: visitor.session.step_shown == 1)
        time.sleep(0.3)
        assert visitor.session.step_shown == 1
    finally:
        visitor.session.close()


def test_reset_repeats_the_same_world_in_a_new_epoch(visitor: Visitor) -> None:
    before, epoch = visitor.steps(2), visitor.session.epoch
    visitor.session.reset()
    visitor.wait(lambda: visitor.session.epoch == epoch + 1 and visitor.messages[-1]["kind"] == "world")
    assert visitor.messages[-1]["months"] == []
    assert visitor.steps(2) == before


def test_answer_about_an_old_world_is_ignored(visitor: Visitor) -> None:
    visitor.draws = False
    visitor.session.reset()
    visitor.wait(lambda: visitor.session.epoch == 2)
    visitor.session.drawn(1, 0)
    visitor.session.step()
    time.sleep(0.3)
    assert visitor.session.step_shown == 0


def test_page_that_comes_back_is_sent_everything(visitor: Visitor) -> None:
    months = visitor.steps(3)
    visitor.messages.clear()
    visitor.session.attach(visitor.receive)
    visitor.wait(lambda: bool(visitor.messages))
    assert visitor.messages[0]["kind"] == "world"
    assert visitor.messages[0]["months"] == months


def test_two_sessions_are_independent(visitor: Visitor) -> None:
    other = Visitor()
    try:
        other.session.set_seed(7)
        other.session.set_scenario("scenarios/dream_continues")
        other.wait(lambda: other.messages[-1].get("scenario") == "dream_continues")
        other.steps(4)
        assert visitor.session.step_shown == 0
        assert visitor.session.choice == Choice("baseline", 1)
        alone = World(Choice("baseline", 1))
        expected = [json.loads(json.dumps(alone.step())) for _ in range(2)]
        assert visitor.steps(2) == expected
    finally:
        other.session.close()


def test_horizon_ends_the_world() -> None:
    world = World(Choice())
    world.model.clock.periods = 2
    world.step()
    assert world.running
    world.step()
    assert not world.running


def test_message_does_not_grow_with_the_month(visitor: Visitor) -> None:
    months = visitor.steps(12)
    assert len(json.dumps(months[-1])) < 1.5 * len(json.dumps(months[5]))
    assert len(json.dumps(months[-1])) < 2000


@pytest.mark.parametrize(
    ("asked", "speed"), [(7, 7), (0, 1), (-3, 1), (10**9, 20), ("fast", 5), (None, 5), (float("nan"), 5), (True, 5)]
)
def test_speed_is_bounded(asked: object, speed: int) -> None:
    session = Session()
    session.set_speed(asked)
    assert session.speed == speed


@pytest.mark.parametrize(
    ("asked", "seed"), [(3, 3), (-1, 0), (10**30, LARGEST_SEED), (2.0, 2), (None, 1), ("7", 1), (float("inf"), 1)]
)
def test_seed_is_bounded(asked: object, seed: int) -> None:
    session = Session()
    session.set_seed(asked)
    assert session.choice.seed == seed


@pytest.mark.parametrize("asked", ["/etc/passwd", "../baseline", "nowhere", "", None, 3, ["baseline"], {}])
def test_only_offered_scenarios_are_loaded(asked: object) -> None:
    session = Session()
    session.set_scenario(asked)
    assert session.choice == Choice("baseline", 1)


def test_scenarios_are_the_shipped_ones_after_the_first() -> None:
    assert scenarios("baseline")[0] == "baseline"
    assert scenarios("mine.yaml")[:2] == ("mine.yaml", "baseline")
    assert len(set(scenarios("baseline"))) == len(scenarios("baseline"))


def test_whole_keeps_to_its_bounds() -> None:
    assert whole(2.9, 0, 5, 1) == 2


def test_error_is_one_line_and_reset_recovers(visitor: Visitor) -> None:
    def broken() -> None:
        raise RuntimeError("first\nsecond " + "x" * 1000)

    assert visitor.session._world is not None
    visitor.session._world.model.step = broken
    visitor.session.step()
    visitor.wait(lambda: bool(visitor.session.error))
    assert visitor.session.error.startswith("RuntimeError: first second")
    assert "\n" not in visitor.session.error
    assert len(visitor.session.error) <= 300
    visitor.session.reset()
    visitor.wait(lambda: not visitor.session.error and visitor.session.epoch == 2)
    assert len(visitor.steps(1)) == 1


def test_closing_stops_the_thread(visitor: Visitor) -> None:
    visitor.session.play()
    visitor.session.close()
    visitor.wait(lambda: not visitor.session.alive)
    assert visitor.session._world is None


def test_page_renders_and_starts_its_session() -> None:
    import solara

    from aimarket_viz import app
    from aimarket_viz.components.charts import ChartsWidget

    _, rendering = solara.render(app.Page(), handle_error=False)
    try:
        session = app._session.value
        assert rendering.find(ChartsWidget).widget.echarts.startswith("_solara/cdn/echarts@5")
        assert session.alive
    finally:
        rendering.close()
        app._session.value.close()


def test_firms_keep_their_colours_and_no_two_share_one() -> None:
    models = [AIMarket(name, seed=1) for name in ("baseline", "open_weights_surge")]
    first, second = (colours({name: firm.role for name, firm in model.firms.items()}) for model in models)
    assert first == second
    assert len(set(first.values())) == len(first)


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        (b"127.0.0.1:8765", b"", True),
        (b"localhost:8765", b"http://localhost:8765", True),
        (b"127.0.0.1:8765", b"https://elsewhere.example", False),
        (b"127.0.0.1:8765", b"null", False),
        (b"elsewhere.example", b"", False),
        (b"", b"", False),
    ],
)
def test_only_our_own_pages_may_connect(host: bytes, origin: bytes, own: bool) -> None:
    headers = {b"host": host} | ({b"origin": origin} if origin else {})
    assert _is_own(headers) is own
