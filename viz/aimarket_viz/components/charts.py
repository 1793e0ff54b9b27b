"""The widget that draws: ECharts, served by the page's own server, fed a month at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import solara
import traitlets
from solara.server import settings

from aimarket_viz.session import Session

__all__ = ["Charts", "ChartsWidget"]

_HERE = Path(__file__).parent
_COMMANDS = ("toggle", "step", "reset")


def _echarts() -> str:
    """Address of ECharts below the page's own; empty where solara-assets did not bring it."""
    root = Path(settings.assets.proxy_cache_dir)
    found = sorted(root.glob("echarts@5.*/dist/echarts.esm.min.js"))
    return "_solara/cdn/" + found[-1].relative_to(root).as_posix() if found else ""


class ChartsWidget(anywidget.AnyWidget):
    """Data comes by message, never by traits: a trait would be compared and sent whole."""

    _esm = (_HERE / "charts.js").read_text(encoding="utf-8")
    _css = (_HERE / "charts.css").read_text(encoding="utf-8")
    echarts = traitlets.Unicode().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._early: list[dict[str, Any]] = []
        self._listener: Callable[[dict[str, Any]], None] | None = None
        self.on_msg(self._hear)

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        """Pass on what the browser says, from its first word."""
        self._listener = listener
        early, self._early = self._early, []
        for message in early:
            listener(message)

    def _hear(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if not isinstance(message, dict):
            return
        if self._listener is None:
            self._early = [*self._early[-7:], message]
        else:
            self._listener(message)


@solara.component
def Charts(session: Session) -> None:
    """The charts and the table of ``session``."""
    element = ChartsWidget.element(echarts=_echarts())

    def connect() -> None:
        widget = solara.get_widget(element)

        def hear(message: dict[str, Any]) -> None:
            kind, name = message.get("kind"), message.get("name")
            if kind == "ready":
                session.attach(widget.send)
            elif kind == "drawn":
                session.drawn(message.get("epoch"), message.get("step"))
            elif kind == "command" and name in _COMMANDS:
                getattr(session, str(name))()

        widget.listen(hear)

    solara.use_effect(connect, [])
