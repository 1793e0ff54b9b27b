"""The system's Chromium: where it is, and the flags with which it asks nobody outside."""

from __future__ import annotations

import os
import shutil

import pytest

__all__ = ["FLAGS", "browser_path"]

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def browser_path() -> str:
    """Path of a Chromium; without one the test is skipped with one line, and fails where CI=true."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        missing = "no chromium: nothing was tested in a browser (apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
