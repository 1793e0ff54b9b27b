"""How much of a need is reserved and how much is left to the spot market."""

from __future__ import annotations

from aimarket.strategies.procurement.interface import ProcurementView

__all__ = ["reserve_and_spot", "situation"]

# Part of the usual share that is reserved while spot is the cheaper market.
_CHEAP_SPOT_SHARE = 0.7


def reserve_and_spot(view: ProcurementView, reserved_share: float) -> tuple[float, float]:
    """GPUs to reserve anew and to buy on the spot market, so that reservations cover a share of the need."""
    need = view.inference_gpus + view.training_gpus - view.own_gpus
    cheap_spot = view.spot_price_usd_per_gpu_hour < view.contract_price_usd_per_gpu_hour
    share = reserved_share * (_CHEAP_SPOT_SHARE if cheap_spot else 1.0)
    reserve = max(share * need - view.contracted_gpus, 0.0)
    return reserve, max(need - view.contracted_gpus - reserve, 0.0)


def situation(view: ProcurementView) -> dict[str, float]:
    """Needs, holdings and prices, for the decision's inputs."""
    return {
        "inference_gpus": view.inference_gpus,
        "training_gpus": view.training_gpus,
        "own_gpus": view.own_gpus,
        "contracted_gpus": view.contracted_gpus,
        "spot_price_usd_per_gpu_hour": view.spot_price_usd_per_gpu_hour,
        "contract_price_usd_per_gpu_hour": view.contract_price_usd_per_gpu_hour,
    }
