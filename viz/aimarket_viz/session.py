"""One visitor's world: a thread that steps it no faster than the page can draw."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from aimarket.errors import AimarketError
from aimarket_viz.choices import SPEEDS, Choice, scenarios, whole
from aimarket_viz.world import World

__all__ = ["Session"]

Send = Callable[[dict[str, Any]], None]

_PATIENCE_SECONDS = 5.0  # without an answer for so long, the page is sent everything again
_LONGEST_ERROR = 300
_MOST_WAITING_STEPS = 12


class Session:
    """Holds the model of one browser tab.  Only its own thread touches the model; others leave wishes.

    A month is simulated when the page has drawn the month before: ``drawn`` is the page's answer.  Every
    message carries an epoch, which counts worlds, so that an answer about an old world is no answer about
    the new one.

    Parameters
    ----------
    first : scenario offered first, and shown at the start.
    changed : called, on the session's thread, after anything but a month has changed.
    """

    def __init__(self, first: str = "baseline", changed: Callable[[], None] = lambda: None) -> None:
        self.scenarios = scenarios(first)
        self.choice = Choice(first)
        self.speed = 5
        self.playing = False
        self.ended = False
        self.error = ""
        self.changed = changed
        self.epoch = 0
        self.step_shown = 0
        self._world: World | None = None
        self._wanted: Choice | None = self.choice
        self._steps = 0
        self._send: Send | None = None
        self._resend = False
        self._sent = self._drawn = (0, 0)
        self._sent_at = 0.0
        self._due = 0.0
        self._closed = False
        self._condition = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="aimarket-session", daemon=True)

    # -- wishes, from any thread -----------------------------------------------------------------

    def start(self) -> Session:
        """Start the thread, once."""
        if self._thread.ident is None:
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop the thread; the model goes with it."""
        with self._condition:
            self._closed = True
            self._send = None
            self._condition.notify_all()

    def attach(self, send: Send) -> None:
        """A page is there and can draw; it is sent everything so far."""
        with self._condition:
            self._send, self._resend = send, True
            self._condition.notify_all()

    def drawn(self, epoch: Any, step: Any) -> None:
        """The page has drawn ``step`` of world ``epoch``."""
        with self._condition:
            if (epoch, step) == self._sent:
                self._drawn = self._sent
                self._condition.notify_all()

    def play(self) -> None:
        """Go on until the horizon or ``pause``."""
        self._set(playing=not self.ended and not self.error)

    def pause(self) -> None:
        """Stop after the month under way."""
        with self._condition:
            self._steps = 0
        self._set(playing=False)

    def toggle(self) -> None:
        """Play or pause."""
        if self.playing:
            self.pause()
        else:
            self.play()

    def step(self) -> None:
        """Simulate one month."""
        with self._condition:
            if not self.ended and not self.error:
                self._steps = min(self._steps + 1, _MOST_WAITING_STEPS)
            self._condition.notify_all()

    def set_speed(self, value: Any) -> None:
        """Months a second."""
        self._set(speed=whole(value, min(SPEEDS), max(SPEEDS), self.speed))

    def set_scenario(self, value: Any) -> None:
        """Begin again with another config of those on offer."""
        self._begin(self.choice.with_scenario(value, self.scenarios))

    def set_seed(self, value: Any) -> None:
        """Begin again with other draws."""
        self._begin(self.choice.with_seed(value))

    def reset(self) -> None:
        """Begin again with the same scenario and seed."""
        self._begin(self.choice, even_if_same=True)

    def _begin(self, choice: Choice, even_if_same: bool = False) -> None:
        with self._condition:
            if choice == self.choice and not even_if_same:
                return
            self.choice = self._wanted = choice
            self.playing, self._steps = False, 0
            self._condition.notify_all()
        self.changed()

    def _set(self, **values: Any) -> None:
        with self._condition:
            before = {name: getattr(self, name) for name in values}
            for name, value in values.items():
                setattr(self, name, value)
            self._due = 0.0
            self._condition.notify_all()
        if before != values:
            self.changed()

    # -- the thread ------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Is the thread running?"""
        return self._thread.is_alive()

    def _work(self) -> None:
        while True:
            with self._condition:
                task = self._next()
                while task is None:
                    self._condition.wait(self._rest())
                    task = self._next()
                wanted, self._wanted = self._wanted, None
            if task == "close":
                self._world = None
                return
            try:
                self._do(task, wanted)
            except Exception as error:
                self._set(error=_one_line(error), playing=False)

    def _next(self) -> str | None:
        """What to do now; ``None`` is to wait."""
        if self._closed:
            return "close"
        if self._wanted is not None:
            return "begin"
        if self._send is None or self._world is None or self.error:
            return None
        now = time.monotonic()
        waiting = self._drawn != self._sent
        if self._resend or (waiting and now - self._sent_at > _PATIENCE_SECONDS):
            return "show"
        if waiting or self.ended:
            return None
        return "step" if self._steps or (self.playing and now >= self._due) else None

    def _rest(self) -> float | None:
        """Seconds until time itself, not a wish, gives something to do."""
        if self._send is None or self._world is None or self.error:
            return None
        if self._drawn != self._sent:
            return max(self._sent_at + _PATIENCE_SECONDS - time.monotonic(), 0.0) + 0.01
        return max(self._due - time.monotonic(), 0.001) if self.playing and not self.ended else None

    def _do(self, task: str, wanted: Choice | None) -> None:
        if task == "begin" and wanted is not None:
            self._world = None
            self.step_shown = 0
            self._world = World(wanted)
            self.epoch += 1
            self._set(error="", ended=False)
            self._show()
        elif task == "show":
            self._show()
        elif self._world is not None:
            with self._condition:
                self._steps = max(self._steps - 1, 0)
                self._due = time.monotonic() + 1.0 / self.speed
            month = self._world.step()
            self._deliver({"kind": "month", "month": month})
            if not self._world.running:
                self._set(ended=True, playing=False)

    def _show(self) -> None:
        if self._world is not None:
            self._resend = False
            self._deliver({"kind": "world", **self._world.snapshot()})

    def _deliver(self, message: dict[str, Any]) -> None:
        world = self._world
        self.step_shown = len(world.months) if world is not None else 0
        with self._condition:
            send = self._send
            self._sent, self._sent_at = (self.epoch, self.step_shown), time.monotonic()
        if send is not None:
            send({**message, "epoch": self.epoch, "step": self.step_shown})


def _one_line(error: Exception) -> str:
    """What a visitor is told: no traceback, no path of this machine."""
    text = str(error) if isinstance(error, AimarketError) else f"{type(error).__name__}: {error}"
    line = " ".join(text.split()) or type(error).__name__
    return line if len(line) <= _LONGEST_ERROR else line[: _LONGEST_ERROR - 3] + "..."
