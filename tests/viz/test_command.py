"""``aimarket viz``: what it refuses, in one line, before it serves anything."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from aimarket.cli import main, viz


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main.main(["viz", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_unknown_config(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere" in _refused(capsys, "nowhere")


@pytest.mark.parametrize("port", ["-1", "65536", "http", ""])
def test_port_that_is_none(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert "--port" in _refused(capsys, "baseline", f"--port={port}")


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} cannot be used" in _refused(capsys, "baseline", "--port", str(port))


def test_extra_that_is_not_installed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viz, "find_spec", lambda _: None)
    assert "pip install 'aimarket[viz]'" in _refused(capsys)


def test_core_does_not_import_the_page() -> None:
    page = "{'solara', 'aimarket_viz'}"
    code = f"import sys, aimarket.cli.main, aimarket.model; sys.exit(bool({page} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
