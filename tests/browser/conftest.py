"""Makes ``chromium.py`` and the made-up run of ``tests/reporting/synthetic.py`` importable."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "reporting"), str(Path(__file__).parent)]
