"""What a broken contract is."""

from __future__ import annotations

from aimarket.errors import AimarketError

__all__ = ["ContractError"]


class ContractError(AimarketError):
    """A strategy breaks its contract; the message is one line: what was expected and what came."""
