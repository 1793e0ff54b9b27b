"""The page.  ``AIMARKET_VIZ_CONFIG`` names the config that it opens with: a name or a path, never code."""

from __future__ import annotations

import os
from typing import Any

import solara
from solara.server import kernel_context
from solara.toestand import Singleton

from aimarket_viz.components.charts import Charts
from aimarket_viz.components.controls import Controls
from aimarket_viz.session import Session

__all__ = ["CONFIG_VARIABLE", "Layout", "Page"]

CONFIG_VARIABLE = "AIMARKET_VIZ_CONFIG"


def _open_session() -> Session:
    session = Session(os.environ.get(CONFIG_VARIABLE, "baseline"))
    if kernel_context.has_current_context():
        kernel_context.get_current_context().on_close(session.close)
    return session


_session: Any = Singleton(_open_session)  # one in every kernel, which is one browser tab


@solara.component
def Page() -> None:
    """The market, month by month."""
    session: Session = _session.value
    _, redraw = solara.use_state(0)
    count = solara.use_ref(0)

    def begin() -> None:
        def changed() -> None:
            count.current += 1
            redraw(count.current)

        session.changed = changed
        session.start()

    solara.use_effect(begin, [])
    solara.Title("aimarket: who keeps pricing power?")
    with solara.Column(gap="8px", classes=["aim-page"]):
        solara.HTML("h1", "Who keeps pricing power in AI?", classes=["aim-title"])
        Controls(session, session.playing, session.ended or bool(session.error), session.speed, session.choice)
        if session.error:
            solara.Error(session.error)
        Charts(session)


@solara.component
def Layout(children: list[Any] = []) -> None:  # noqa: B006 - Solara passes a new list
    """Nothing around the page: the charts need the width."""
    solara.Column(children=children, gap="0px", style={"max-width": "1500px", "margin": "0 auto"})
