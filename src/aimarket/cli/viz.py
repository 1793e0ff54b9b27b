"""``aimarket viz [CONFIG]``: the market in a browser."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from aimarket.cli.options import Plugins, load_plugins

if TYPE_CHECKING:
    import socket

__all__ = ["viz"]

HOST = "127.0.0.1"

Shown = Annotated[str, typer.Argument(metavar="[CONFIG]", help="Path of a config, or name of a shipped one.")]
Port = Annotated[str, typer.Option(metavar="N", help="Port of this machine to serve on.")]


def viz(config: Shown = "baseline", port: Port = "8765", plugins: Plugins = None) -> None:
    """Watch a market run, on a page in your browser."""
    from aimarket.config import load_config

    number = _read_port(port)
    load_plugins(plugins)
    load_config(config)
    _check_extra()
    with _listen(number) as listener:
        from aimarket_viz import server

        server.settle_settings()
        typer.echo(f"aimarket: http://{HOST}:{listener.getsockname()[1]}/ (Ctrl-C ends it)", err=True)
        server.serve(listener, config)


def _read_port(text: str) -> int:
    from aimarket.errors import ConfigError

    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise ConfigError("must be a whole number from 0 to 65535", path="--port", value=text)
    return int(text)


def _check_extra() -> None:
    from aimarket.errors import ConfigError

    needed = ("solara", "solara_assets", "ipyvuetify", "anywidget", "aimarket_viz")
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"the live page needs {', '.join(missing)}, not installed here", remedy="pip install 'aimarket[viz]'"
        )


def _listen(port: int) -> socket.socket:
    """A socket bound to this machine's own address; taken now, so that nobody else can take the port."""
    import socket

    from aimarket.errors import ConfigError

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        why = error.strerror or str(error)
        raise ConfigError(
            f"port {port} cannot be used: {why.lower()}", path="--port", remedy=f"try --port {port % 65535 + 1}"
        ) from error
    return listener
