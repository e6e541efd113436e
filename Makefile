# Every target sets up what it needs: Python 3.11-3.13, make and the package registry are enough.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SCALE ?= 0.1
SEED ?= 1
SAMPLE := var/sample
export XIANGXI_HOME ?= var
export XIANGXI_LANDING ?= $(SAMPLE)/landing
export GX_ANALYTICS_ENABLED = false
export DO_NOT_TRACK = 1

.PHONY: help run test check dev faults bench dictionary golden sample clean lock

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 10

# ---- setting up -------------------------------------------------------------------------------------------------
.venv/bin/uv:
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "Python 3.11, 3.12 or 3.13 is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# One stamp per set of packages; the development set holds the other.
.venv/.run: .venv/bin/uv requirements.lock pyproject.toml
	@test -e .venv/.dev || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/.dev: .venv/bin/uv requirements-dev.lock pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@ .venv/.run

$(SAMPLE)/truth.csv: | .venv/.run
	$(BIN)/xiangxi sample --out $(SAMPLE) --scale $(SCALE)

# ---- for users --------------------------------------------------------------------------------------------------
run: .venv/.run $(SAMPLE)/truth.csv ## set up, write the sample prefecture once, run the nightly job on it, print the scorecard
	@$(BIN)/xiangxi run --year 2019 --year 2020; code=$$?; test $$code -le 1 || exit $$code

dev: .venv/.dev $(SAMPLE)/truth.csv ## the Dagster UI with schedule and sensor, on http://127.0.0.1:3000
	$(BIN)/xiangxi recover
	DAGSTER_HOME=$(abspath $(XIANGXI_HOME))/dagster PATH="$$(pwd)/$(BIN):$$PATH" $(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

sample: .venv/.run ## write the sample prefecture anew (SCALE=1.0 for a whole one)
	rm -rf $(SAMPLE)
	$(BIN)/xiangxi sample --out $(SAMPLE) --scale $(SCALE)

# ---- for developers ---------------------------------------------------------------------------------------------
test: .venv/.dev ## all tests
	env -u XIANGXI_HOME -u XIANGXI_LANDING $(BIN)/pytest -q -n 2 --dist loadgroup

check: .venv/.dev ## format, lint, types, house tests (recipes are run by test), no stale page of the dictionary
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	env -u XIANGXI_HOME -u XIANGXI_LANDING $(BIN)/pytest -q tests/house --ignore tests/house/test_recipes.py
	env -u XIANGXI_PLANS $(BIN)/xiangxi dictionary --check

dictionary: .venv/.run ## write docs/dictionary anew from contracts, catalogue, plans and schema
	env -u XIANGXI_PLANS $(BIN)/xiangxi dictionary

golden: .venv/.dev ## rewrite the golden files; read the diff
	env -u XIANGXI_HOME -u XIANGXI_LANDING $(BIN)/pytest -q --golden

faults: .venv/.dev ## ten thousand files spoilt by chance (SEED=1) through intake; each must end with an answer
	$(BIN)/python -m tests.faults.fuzz --seed $(SEED)

bench: .venv/.dev ## ratios measured in one run
	$(BIN)/python -m benchmarks

COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock: .venv/bin/uv ## resolve the two lock files anew; the first is a part of the second
	$(COMPILE) --upgrade --extra dev -o requirements-dev.lock
	rm -f requirements.lock
	$(COMPILE) -c requirements-dev.lock -o requirements.lock

clean: ## remove what was installed and made, the archive of delivered files included
	rm -rf .venv var build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
