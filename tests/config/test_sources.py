"""Every number that ships says where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aimarket.config.sources import shipped_configs
from aimarket.data.loader import names

_NUMBER = re.compile(r'(?<![\w"@-])-?\d+(\.\d+)?(e-?\d+)?\b')
_EXEMPT = ("description:", "name:")


def _unexplained(path: Path) -> list[str]:
    """Lines with a number and no comment, neither their own nor on the key of a block around them."""
    blocks: list[tuple[int, bool]] = []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        code, _, comment = line.partition("#")
        if not code.strip():
            continue
        indent = len(code) - len(code.lstrip())
        blocks = [block for block in blocks if block[0] < indent]
        explained = bool(comment.strip()) or any(has for _, has in blocks)
        value = re.sub(r'"[^"]*"', "", code.split(":", 1)[-1])
        if _NUMBER.search(value) and not explained and not code.strip().startswith(_EXEMPT):
            found.append(line.strip())
        blocks.append((indent, bool(comment.strip())))
    return found


@pytest.mark.parametrize("name", sorted(shipped_configs()))
def test_every_number_of_a_shipped_config_has_a_source_or_says_assumed(name: str) -> None:
    assert _unexplained(shipped_configs()[name]) == []


def test_series_that_the_baseline_names_exist() -> None:
    text = shipped_configs()["baseline"].read_text(encoding="utf-8")
    files = (
        "api_prices_curated|commitments_events|demand_enterprise|hardware_energy|hyperscalers_capital|lab_financials"
    )
    cited = re.findall(rf"(?:{files}|market_share|price_decline|quality): ([a-z][a-z0-9_]{{6,}})\b", text)
    known = set(names())
    assert len(cited) > 40
    # A citation may name an entity or say something in words; what looks like a series must be one.
    assert [word for word in cited if "_" in word and word not in known] == []


def test_the_check_can_fail(tmp_path: Path) -> None:
    config = tmp_path / "bare.yaml"
    config.write_text("agents:\n  lab:\n    cash_musd: 5\n    debt_musd: 1   # assumed: none\n", encoding="utf-8")
    assert _unexplained(config) == ["cash_musd: 5"]
