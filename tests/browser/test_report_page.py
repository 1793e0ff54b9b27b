"""The report in a real browser: it renders at desktop and phone width, and nothing overflows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from chromium import FLAGS, browser_path
from synthetic import synthetic_results

from aimarket.reporting.report import write_report

# Measures the framed page: width it needs, charts, charts without size, text outside its chart.
PROBE = """<body style="margin:0">
<iframe id="f" src="report.html" style="border:0;width:{width}px;height:9000px"></iframe>
<script>
onload = () => {{
  const d = document.getElementById('f').contentDocument;
  const charts = [...d.querySelectorAll('[role=img] svg')];
  let outside = 0;
  for (const chart of charts) {{
    const box = chart.getBoundingClientRect();
    for (const text of chart.querySelectorAll('text')) {{
      const b = text.getBoundingClientRect();
      const across = b.left < box.left - 2 || b.right > box.right + 2;
      if (across || b.top < box.top - 2 || b.bottom > box.bottom + 2) outside++;
    }}
  }}
  const flat = charts.filter(c => c.getBoundingClientRect().height < 100).length;
  document.title = ['probe', d.documentElement.scrollWidth, charts.length, flat, outside].join(' ');
}};
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    write_report(synthetic_results(fails={"xai": 60}), folder / "report.html")
    return folder


def _chromium(folder: Path, *arguments: str) -> str:
    command = [
        browser_path(),
        "--headless",
        "--hide-scrollbars",
        *FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_its_width(folder: Path, width: int) -> None:
    probe = folder / f"probe{width}.html"
    probe.write_text(PROBE.format(width=width), encoding="utf-8")
    page = _chromium(
        folder, "--allow-file-access-from-files", "--virtual-time-budget=8000", "--dump-dom", probe.as_uri()
    )
    found = re.search(r"<title>probe (\d+) (\d+) (\d+) (\d+)</title>", page)
    assert found is not None, page[:500]
    needed, charts, flat, outside = (int(number) for number in found.groups())
    assert needed <= width
    assert charts > 35
    assert flat == 0
    assert outside == 0


def test_it_renders(folder: Path) -> None:
    picture = folder / "page.png"
    _chromium(folder, "--window-size=1280,2400", f"--screenshot={picture}", (folder / "report.html").as_uri())
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 50_000
