"""What the README shows works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
SHARED = "import aimarket as am\n"


def test_there_are_snippets():
    assert len(SNIPPETS) >= 2


@pytest.mark.parametrize("code", SNIPPETS, ids=lambda code: code.strip().splitlines()[-1][:40])
def test_a_snippet_runs(code):
    exec(compile(SHARED + code, "README.md", "exec"), {})  # raises what the reader would see


def test_the_prices_it_quotes_are_those_of_the_code():
    scope: dict[str, object] = {}
    (theory,) = [code for code in SNIPPETS if "bertrand_nash" in code]
    exec(compile(SHARED + theory, "README.md", "exec"), scope)
    duopoly = scope["duopoly"]
    assert duopoly.price == pytest.approx([1.47293, 1.47293], abs=5e-6)
    assert duopoly.lerner == pytest.approx([0.321, 0.321], abs=5e-4)
