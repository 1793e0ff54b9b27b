"""The frame of a self-contained page: no network, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

__all__ = ["page"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, kind: str, meta: Sequence[str], links: Mapping[str, str], body: Sequence[str]) -> str:
    """An HTML document of the sections ``body``.

    ``kind`` follows the title in the window's name, ``meta`` are lines below the heading, ``links`` maps
    the anchors of sections to their names.
    """
    style = (files(__package__) / "page.css").read_text(encoding="utf-8")
    lines = "".join(f'<p class="meta">{escape(line)}</p>' for line in meta if line)
    menu = "".join(f'<a href="#{escape(anchor)}">{escape(name)}</a>' for anchor, name in links.items())
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} - {escape(kind)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(title)}</h1>{lines}</header>\n"
        f'<nav aria-label="Sections">{menu}</nav>\n<main>\n' + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )
