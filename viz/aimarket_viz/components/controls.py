"""Play, step, reset, and what is played."""

from __future__ import annotations

import solara

from aimarket_viz.choices import SPEEDS, Choice
from aimarket_viz.session import Session

__all__ = ["Controls"]


@solara.component
def Controls(session: Session, playing: bool, stopped: bool, speed: int, choice: Choice) -> None:
    """The row of controls.  It shows what it is given; what a visitor asks for is checked by ``session``."""
    with solara.Row(classes=["aim-controls"]):
        with solara.Row(gap="6px", classes=["aim-buttons"]):
            solara.Button(
                "Pause" if playing else "Play",
                icon_name="mdi-pause" if playing else "mdi-play",
                on_click=session.toggle,
                color="primary",
                disabled=stopped,
            )
            solara.Button(
                "Step",
                icon_name="mdi-skip-next",
                on_click=session.step,
                outlined=True,
                disabled=playing or stopped,
            )
            solara.Button("Reset", icon_name="mdi-restart", on_click=session.reset, outlined=True)
        solara.Select(
            "Months a second",
            values=list(SPEEDS),
            value=speed,
            on_value=session.set_speed,
            dense=True,
            classes=["aim-speed"],
        )
        solara.InputInt(
            "Seed",
            value=choice.seed,
            on_value=session.set_seed,
            dense=True,
            classes=["aim-seed"],
        )
        solara.Select(
            "Scenario",
            values=list(session.scenarios),
            value=choice.scenario,
            on_value=session.set_scenario,
            dense=True,
            classes=["aim-scenario"],
        )
