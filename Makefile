# Each target sets up its own .venv from nothing but Python 3.11 to 3.13 with pip.
PYTHON ?= python3
OUT := $(or $(OUT),runs/demo-$(shell date +%Y%m%d-%H%M%S))
SEED ?= 1
BIN := .venv/bin

CONFIG ?= baseline
PORT ?= 8765

.PHONY: demo viz test lint bench theory clean

demo: .venv/ready
	@$(BIN)/aimarket run baseline --seed $(SEED) --out "$(OUT)"
	@echo "open $(OUT)/report.html in a browser"

viz: .venv/viz-ready
	@$(BIN)/aimarket viz $(CONFIG) --port $(PORT)

test: .venv/viz-ready
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/ready
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/economics.py

# Rewrites docs/theory.md; the tests hold it against the code.
theory: .venv/ready
	@$(BIN)/aimarket theory --all --seeds 20 --markdown > docs/theory.md

clean:
	@rm -rf .venv

.venv/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else "aimarket needs Python 3.11 to 3.13, this is %d.%d: make PYTHON=/path/to/python3.12" % v)'
	@echo "setting up .venv (once)"
	@# An environment of another, or a lost, Python cannot be upgraded in place.
	@v='import sys; print(sys.version_info[:2])'; \
	if [ -d .venv ] && [ "$$($(BIN)/python -c "$$v" 2>&1)" != "$$($(PYTHON) -c "$$v")" ]; then rm -rf .venv; fi
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

# The live page: a server and its widgets, which a plain run does not need.
.venv/viz-ready: .venv/ready
	@echo "adding the live page to .venv (once)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[viz]'
	@touch $@
