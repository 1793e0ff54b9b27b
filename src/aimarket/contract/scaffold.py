"""A first strategy, written for its author: a working file and a test beside it."""

from __future__ import annotations

import difflib
import inspect
import keyword
import re
import sys
import textwrap
from dataclasses import MISSING, Field, fields
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from aimarket.config.registry import ANY, strategies
from aimarket.contract.views import VIEWS, Contract, contract_of
from aimarket.errors import ConfigError

__all__ = ["strategy_text", "test_text", "write_strategy"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WIDTH = 116

_STRATEGY = '''\
"""{name}: a strategy for {decision}.

Change the rule, its parameters and its source, then run `aimarket check-strategy {name}.py`.
What a strategy sees and what it must return is listed at the end of this file.
"""

from __future__ import annotations

{imports}

__all__ = ["{cls}"]


class {cls}(Strategy):
    """{does}

    {rule}
    """

    decision = "{decision}"
    name = "{name}"
    source = "to be filled in: author (year), title, journal"

    class Parameters(StrategyParameters):
        # Every number has a default, a lower (ge, gt) and an upper bound (le, lt), and says what it is.
{parameters}

    def decide(self, view: {view}, _draws: Draws) -> {kind}:
        # Pure: the same view gives the same decision.  For random numbers, name the argument `draws` and ask it.
        p = self.parameters
{body}


{notes}
'''

_TEST = '''\
"""{name} keeps the contract of strategies, and does what it is for."""

{standard}from aimarket.contract import contract_of, decide, require

from {name} import {cls}


def test_it_keeps_the_contract():
    require({cls})


def test_{test}():
    view = contract_of("{decision}").usual
{test_body}
'''


def write_strategy(decision: str, name: str, directory: Path) -> tuple[Path, Path]:
    """Write ``name.py`` with a strategy for ``decision`` that works, and ``test_name.py``; returns both.

    Raises
    ------
    ConfigError
        No such decision, a name that cannot be used, a file that exists, or a directory that cannot be
        written; nothing has been written then.
    """
    if decision not in VIEWS:
        close = difflib.get_close_matches(decision, VIEWS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"must be one of: {', '.join(VIEWS)}"
        raise ConfigError("is no decision", path="DECISION", value=decision, remedy=hint)
    targets = directory / f"{name}.py", directory / f"test_{name}.py"
    _check_name(decision, name, targets)
    texts = strategy_text(decision, name), test_text(decision, name)
    written: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for target, text in zip(targets, texts, strict=True):
            with target.open("x", encoding="utf-8") as stream:
                written.append(target)
                stream.write(text)
    except OSError as error:
        for target in written:
            target.unlink(missing_ok=True)
        raise ConfigError(f"{directory} cannot be written: {error.strerror}", path="--directory") from error
    return targets


def strategy_text(decision: str, name: str) -> str:
    """The file of a strategy called ``name``: the example rule of ``decision``, and what it may use."""
    example, contract = _examples()[decision], contract_of(decision)
    return _STRATEGY.format(
        name=name,
        decision=decision,
        cls=_class_name(name),
        view=contract.view.__name__,
        kind=contract.kind.__name__,
        imports=_imports(example, contract),
        does=example["does"],
        rule=example["rule"],
        parameters=textwrap.indent(example["parameters"].rstrip(), " " * 8),
        body=textwrap.indent(example["body"].rstrip(), " " * 8),
        notes=_notes(contract),
    )


def test_text(decision: str, name: str) -> str:
    """The file that tests the strategy of ``strategy_text``: its contract, and what its example rule does."""
    example, cls = _examples()[decision], _class_name(name)
    body = example["test_body"].rstrip().replace("CLASS", cls)
    return _TEST.format(
        name=name,
        decision=decision,
        cls=cls,
        standard="from dataclasses import replace\n\n" if "replace(" in body else "",
        test=example["test"],
        test_body=textwrap.indent(body, " " * 4),
    )


def _check_name(decision: str, name: str, targets: tuple[Path, Path]) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ConfigError(
            "must be lower-case letters, digits and _, up to 40, and start with a letter",
            path="NAME",
            value=name,
            remedy="e.g. my_rule",
        )
    if name in strategies().get(decision, {}) or name in strategies().get(ANY, {}):
        raise ConfigError(
            f"is a {decision} strategy already", path="NAME", value=name, remedy="choose a name of your own"
        )
    for target in targets:
        if target.exists() or target.is_symlink():
            raise ConfigError(f"{target} exists", path="NAME", value=name, remedy="nothing was written")
    if name in sys.stdlib_module_names or find_spec(name) is not None:
        raise ConfigError(
            "is the name of a Python module, which a file of this name would hide",
            path="NAME",
            value=name,
            remedy=f"e.g. {name}_rule",
        )


def _class_name(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _imports(example: dict[str, Any], contract: Contract) -> str:
    """Import lines, sorted as for code outside the project."""
    base = ", ".join(["Strategy", "StrategyParameters", *example.get("base", ())])
    lines = [
        "from aimarket.randomness import Draws",
        f"from aimarket.strategies.base import {base}",
        f"from {contract.view.__module__} import {contract.kind.__name__}, {contract.view.__name__}",
        "from pydantic import Field",
    ]
    block = "\n".join([*(["import numpy as np"] if example.get("numpy") else []), *sorted(lines)])
    return f"import math\n\n{block}" if example.get("math") else block


def _notes(contract: Contract) -> str:
    """What view and decision hold, as comments made from their own definitions."""
    lines = [f"What `view` shows, a {contract.view.__name__}; arrays belong to numpy and are read-only."]
    lines += _told(contract.view)
    lines += [f"    {field.name}: {field.type}" for field in fields(contract.view)]
    lines += ["", f"What to return, a {contract.kind.__name__}."]
    lines += _told(contract.kind)
    lines += [f"    {field.name}: {field.type}{_legal(contract, field)}" for field in fields(contract.kind)]
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _told(cls: type[Any]) -> list[str]:
    text = inspect.cleandoc(cls.__doc__ or "").replace("``", "`")
    if text.startswith(cls.__name__ + "("):  # what dataclasses write where nobody wrote anything
        return []
    return [line for paragraph in text.split("\n\n") for line in textwrap.wrap(paragraph, _WIDTH - 2)]


def _legal(contract: Contract, field: Field[Any]) -> str:
    """Bounds, length and default of a field of the decision."""
    if field.name == "reason":
        return "  (one sentence with the numbers that mattered)"
    if field.name == "inputs":
        return "  (those numbers by name with unit, all finite, at least one)"
    low, high = contract.kind.bounds[field.name]
    text = f"  ({low:g} to {high:g}"
    if field.name in contract.kind.lengths:
        text += f", one for each of {contract.kind.lengths[field.name]}"
    if field.default is not MISSING:
        text += ", optional"
    return text + ")"


@lru_cache(maxsize=1)
def _examples() -> dict[str, dict[str, Any]]:
    text = files("aimarket.contract").joinpath("example_rules.yaml").read_text(encoding="utf-8")
    examples: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return examples
