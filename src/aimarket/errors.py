"""The few exceptions aimarket raises on purpose.

Every message is one line that says where, which value, what is allowed and what to do, so that the
command line can print it as it is.  The fields stay on the object for callers who branch on them.
"""

from __future__ import annotations

__all__ = [
    "AccountingError",
    "AimarketError",
    "ConfigError",
    "ResultsError",
    "SimulationError",
    "StrategyError",
]


class AimarketError(Exception):
    """Base of every error raised on purpose."""


class ConfigError(AimarketError):
    """The input is wrong: a config, an override or an argument.

    Parameters
    ----------
    problem : what is wrong, in words, naming the bound that was broken.
    file : file the value came from; ``None`` for values given in Python or on the command line.
    path : dotted path inside the file, e.g. ``agents.openai.cash_musd``.
    value : the offending value.
    remedy : what to write instead.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        path: str | None = None,
        value: object = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.file = file
        self.path = path
        self.value = value
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.path) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        if self.value is not None:
            shown = repr(self.value)
            text += f" (got {shown if len(shown) <= 80 else shown[:77] + '...'})"
        if self.remedy:
            text += f"; {self.remedy}"
        return " ".join(text.split())


class ResultsError(AimarketError):
    """A run directory cannot be written or read; nothing that was there has been changed."""


class SimulationError(AimarketError):
    """A run produced something impossible: a negative price, sales above capacity, a NaN."""


class StrategyError(AimarketError):
    """A strategy failed, or returned something that its decision does not allow.

    ``period`` is the step in which it happened, 0 while the market is set up.
    """

    def __init__(self, agent: str, decision: str, strategy: str, problem: str, period: int) -> None:
        self.agent = agent
        self.decision = decision
        self.strategy = strategy
        self.problem = problem
        self.period = period
        super().__init__(f"{agent}, period {period}: {decision} strategy '{strategy}' {problem}")

    def __reduce__(self) -> tuple[type[StrategyError], tuple[str, str, str, str, int]]:
        return type(self), (self.agent, self.decision, self.strategy, self.problem, self.period)


class AccountingError(AimarketError):
    """An accounting identity does not hold.

    ``amount_musd`` is the size of the gap in USD million, ``period`` the step it was found in.
    """

    def __init__(self, agent: str, account: str, period: int, amount_musd: float) -> None:
        self.agent = agent
        self.account = account
        self.period = period
        self.amount_musd = amount_musd
        super().__init__(
            f"accounts of {agent} do not close in period {period}: {account} is off by {amount_musd:.6g} MUSD"
        )

    def __reduce__(self) -> tuple[type[AccountingError], tuple[str, str, int, float]]:
        return type(self), (self.agent, self.account, self.period, self.amount_musd)
