"""Serves the page to this machine alone."""

from __future__ import annotations

import os
import secrets
import socket
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

__all__ = ["serve"]

_HOSTS = ("127.0.0.1", "localhost")
_SETTINGS = {
    "SOLARA_APP": "aimarket_viz.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_VARIANT": "light",
    "SOLARA_THEME_TITLE": "aimarket",
    "SOLARA_KERNEL_CULL_TIMEOUT": "45s",  # a closed tab's model is gone within a minute
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # what solara-assets lacks is missing, not fetched
}

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


def serve(listener: socket.socket, config: str) -> None:
    """Serve the page that opens with ``config`` on ``listener`` until interrupted."""
    from aimarket_viz.app import CONFIG_VARIABLE

    os.environ[CONFIG_VARIABLE] = config
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    import uvicorn
    from solara.server import starlette

    options = uvicorn.Config(_own_pages_only(starlette.app), log_level="warning", access_log=False)
    uvicorn.Server(options).run(sockets=[listener])


def settle_settings() -> None:
    """Solara reads its settings from the environment as it is imported."""
    os.environ.update(_SETTINGS)
    os.environ.setdefault("SOLARA_SESSION_SECRET_KEY", secrets.token_urlsafe(32))


def _own_pages_only(application: Application) -> Application:
    """Other sites' pages may reach 127.0.0.1 as well; only our own may open a session."""

    async def guarded(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket") and not _is_own(dict(scope["headers"])):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await send({"type": "http.response.start", "status": 403, "headers": []})
                await send({"type": "http.response.body", "body": b"this page answers to 127.0.0.1 only\n"})
            return
        await application(scope, receive, send)

    return guarded


def _is_own(headers: dict[bytes, bytes]) -> bool:
    host = headers.get(b"host", b"").decode("latin-1")
    origin = headers.get(b"origin", b"").decode("latin-1")
    if urlsplit(f"//{host}").hostname not in _HOSTS:
        return False
    return not origin or urlsplit(origin).netloc == host
