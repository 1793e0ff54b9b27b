"""The contract of strategies, ours or yours: what they must keep to, checked without pytest.

    from aimarket.contract import check_strategy, decide, require

    require(MyRule)                                  # raises ContractError with every problem
    [o.problem for o in check_strategy(MyRule)]      # or look at each check

``aimarket check-strategy FILE`` does the same from the command line.
"""

from __future__ import annotations

from aimarket.contract.candidate import Candidate, candidates, registered
from aimarket.contract.errors import ContractError
from aimarket.contract.market import EXTREMES
from aimarket.contract.parameters import example_parameters
from aimarket.contract.suite import CHECKS, Check, Outcome, check_strategy, decide, require
from aimarket.contract.views import VIEWS, Contract, contract_of

__all__ = [
    "CHECKS",
    "EXTREMES",
    "VIEWS",
    "Candidate",
    "Check",
    "Contract",
    "ContractError",
    "Outcome",
    "candidates",
    "check_strategy",
    "contract_of",
    "decide",
    "example_parameters",
    "registered",
    "require",
]
