"""What tests of plug-ins share: an event, and how verbs answer."""

from __future__ import annotations

import pytest

from aimarket.cli.main import main

Capture = pytest.CaptureFixture[str]
AN_EVENT = '''
from pydantic import Field

from aimarket.events.base import Event, EventParameters


class Quake(Event):
    """Shakes everything. And nothing else."""

    kind = "quake"

    class Parameters(EventParameters):
        strength: float = Field(ge=0, le=9, description="strength")

    def strike(self, model):
        return "everything shook"
'''


def out(capsys: Capture, *arguments: str) -> str:
    assert main(arguments) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def refused(capsys: Capture, *arguments: str) -> str:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    return line.removeprefix("aimarket: ")
