"""A resolved config as text: its fingerprint, and YAML that loads back to an equal config."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel

from aimarket.config.scalars import resolve_scalar

if TYPE_CHECKING:
    from aimarket.config.schema import MarketConfig

__all__ = ["config_schema", "fingerprint", "to_plain", "to_yaml"]

_EXACT = 2**53
_TAGS = {
    kind: f"tag:yaml.org,2002:{name}"
    for kind, name in ((str, "str"), (int, "int"), (float, "float"), (bool, "bool"), (type(None), "null"))
}


def fingerprint(config: MarketConfig) -> str:
    """Sixteen hex digits that are equal for two configs exactly when they describe the same market.

    Key order, comments, ``extends`` and the top-level ``name`` and ``description`` do not matter.
    """
    values = to_plain(config)
    values.pop("name", None)
    values.pop("description", None)
    text = json.dumps(_canonical(values), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def to_yaml(config: MarketConfig) -> str:
    """The whole config as YAML, defaults written out; ``load_config`` reads it back to an equal config."""
    text = yaml.dump(
        to_plain(config),
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=110,
    )
    return str(text)


def config_schema() -> dict[str, Any]:
    """JSON Schema of a config, with a description for every field; for editors and other programs."""
    from aimarket.config.schema import MarketConfig

    return MarketConfig.model_json_schema()


def to_plain(config: BaseModel) -> dict[str, Any]:
    """The config as dicts, lists and scalars in the schema's order, without unset optional fields."""
    declared = type(config).model_fields
    optional = {name for name, field in declared.items() if field.default is None}
    values = {name: getattr(config, name) for name in declared} | (config.model_extra or {})
    return {name: _plain(value) for name, value in values.items() if value is not None or name not in optional}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return to_plain(value)
    if isinstance(value, dict):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(below) for below in value]
    return value


def _canonical(value: Any) -> Any:
    """1.0 and 1 are the same number, whichever of them a config says."""
    if isinstance(value, dict):
        return {key: _canonical(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_canonical(below) for below in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


class _Dumper(yaml.SafeDumper):
    """Writes unquoted exactly what our own reader reads back as the same value."""

    def ignore_aliases(self, *_: Any) -> bool:
        """Equal lists are written twice rather than as anchor and alias."""
        return True

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """The type our reader would see; the emitter quotes text that would read as something else."""
        if kind is not yaml.ScalarNode or not implicit[0]:
            return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
        try:
            return _TAGS[type(resolve_scalar(value))]
        except ValueError:
            return _TAGS[float]


def _represent_number(dumper: _Dumper, number: float) -> yaml.ScalarNode:
    text = repr(number)
    return dumper.represent_scalar(_TAGS[type(resolve_scalar(text))], text)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    folded = any(c in text for c in "\x85\u2028\u2029")  # line breaks to YAML, lost unless escaped
    return dumper.represent_scalar(_TAGS[str], text, style='"' if folded else None)


_Dumper.add_representer(float, _represent_number)
_Dumper.add_representer(str, _represent_text)
