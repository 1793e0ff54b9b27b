# Each target sets up its own .venv from nothing but Python 3.11 to 3.13 with pip.
PYTHON ?= python3
OUT := $(or $(OUT),runs/demo-$(shell date +%Y%m%d-%H%M%S))
SEED ?= 1
BIN := .venv/bin

CONFIG ?= baseline
PORT ?= 8765

.PHONY: demo viz test lint bench theory policies leagues swaps clean

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

# Trains what the q_learning strategy plays; a test retrains some of it.
policies: .venv/ready
	@$(BIN)/python -c 'from aimarket.strategies.pricing.q_learning_training import write_policies; write_policies()'

# Plays the shipped leagues and writes what `aimarket strategies NAME` says of them.
leagues: .venv/ready
	@for spec in experiments/leagues/*.yaml; do \
	  $(BIN)/aimarket league "$$spec" --out "runs/leagues/$$(basename "$$spec" .yaml)" --workers 2 || exit 1; \
	done
	@$(BIN)/python -m aimarket.experiments.shipped runs/leagues/* > runs/leagues.json
	@mv runs/leagues.json src/aimarket/experiments/shipped_leagues.json

# Every one-at-a-time swap of a strategy in the baseline, ten seeds each: an hour or two on two cores.
swaps: .venv/viz-ready
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/contract/test_swaps.py --every-swap-seed

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
