"""The whole contract: every check, over every decision that a strategy can make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aimarket.contract import checks, market
from aimarket.contract.candidate import Candidate, candidates
from aimarket.contract.errors import ContractError
from aimarket.errors import AimarketError
from aimarket.strategies.base import Strategy, View

__all__ = ["CHECKS", "Check", "Outcome", "check_strategy", "decide", "require"]

Check = Callable[[Candidate], None]

# In the order in which they are run; those after the first four need a strategy that decides something legal.
CHECKS: tuple[Check, ...] = (
    checks.says_what_it_is,
    checks.describes_and_bounds_its_parameters,
    checks.refuses_nonsense,
    checks.decides_within_bounds,
    checks.explains_itself,
    checks.decides_within_bounds_at_extreme_parameters,
    checks.computes_without_warnings,
    checks.gives_a_reason_with_numbers,
    checks.names_the_inputs_that_mattered,
    checks.returns_a_frozen_decision,
    checks.is_deterministic,
    checks.is_free_of_order,
    checks.survives_pickling,
    checks.leaves_its_view_untouched,
    checks.uses_only_its_view,
    checks.leaves_shared_randomness_alone,
    checks.decides_in_time,
    market.knows_nothing_else,
    market.survives_a_year_of_extremes,
)
_NEEDED_BY_THE_REST = CHECKS[:4]


@dataclass(frozen=True)
class Outcome:
    """What a check said: ``problem`` is one line, or ``None`` where the contract is kept.

    ``checked`` is false where an earlier failure left nothing to check.
    """

    strategy: str
    decision: str
    check: str
    rule: str
    problem: str | None
    checked: bool = True

    @property
    def met(self) -> bool:
        return self.checked and self.problem is None


def check_strategy(
    cls: type[Strategy], progress: Callable[[Outcome], None] | None = None, checks: Sequence[Check] = CHECKS
) -> list[Outcome]:
    """Hold ``cls`` to its contract; an outcome for each check, for every decision if it fits any.

    ``progress`` is called with each outcome as soon as it is known.
    """
    outcomes = []
    for candidate in _candidates(cls):
        broken = None
        for check in checks:
            problem = f"not checked as long as {broken} is broken" if broken else _problem(check, candidate)
            outcome = Outcome(
                strategy=str(getattr(cls, "name", cls.__name__)),
                decision=candidate.decision,
                check=check.__name__,
                rule=" ".join((check.__doc__ or "").split()),
                problem=problem,
                checked=broken is None,
            )
            outcomes.append(outcome)
            if progress is not None:
                progress(outcome)
            if problem is not None and check in _NEEDED_BY_THE_REST:
                broken = broken or check.__name__
    return outcomes


def require(cls: type[Strategy]) -> None:
    """Raise ``ContractError`` with every problem of ``cls``, for a test of your own."""
    problems = [
        f"{outcome.decision} strategy '{outcome.strategy}' breaks {outcome.check}: {outcome.problem}"
        for outcome in check_strategy(cls)
        if outcome.checked and not outcome.met
    ]
    if problems:
        raise ContractError("; ".join(problems))


def decide(cls: type[Strategy], view: View, **parameters: Any) -> Any:
    """What ``cls`` with ``parameters`` decides on ``view``, checked as in a market; for a test of your own.

    Raises
    ------
    ContractError
        It fails, decides something illegal, or is not made for such a view.
    """
    candidate = next((one for one in candidates(cls) if type(view) is one.contract.view), None)
    if candidate is None:
        raise ContractError(f"'{cls.name}' decides {cls.decision} and is shown a {type(view).__name__}")
    return candidate.decide(candidate.make(**parameters), "given", view)


def _candidates(cls: type[Strategy]) -> list[Candidate]:
    return candidates(cls) if hasattr(cls, "decision") else [Candidate(cls, "")]


def _problem(check: Check, candidate: Candidate) -> str | None:
    """What ``check`` finds wrong; whatever a user's strategy raises is a broken contract, not a failure of ours."""
    try:
        check(candidate)
    except AimarketError as error:
        return " ".join(str(error).split())
    except (Exception, SystemExit) as error:
        return " ".join(f"failed: {type(error).__name__}: {error}".split())
    return None
