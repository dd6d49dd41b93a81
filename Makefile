# Needs Python 3.11+, make and a network; everything else goes into .venv, from the hashed locks.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
WORKERS ?= 2
# COVERAGE=1 measures branch coverage too, against the floor in pyproject.toml; it costs a quarter of the time.
COVERAGE ?=
# Encoders of other houses for the conformance tests: JavaScript packages, pinned by their package.json.
FOREIGN := tests/conformance/foreign
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock" --extra embedded

.PHONY: help demo test check lock bench soak nightly secrets clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## Run the whole thing on a simulated hospital network
	$(BIN)/stallwatch demo

# What is shown on a cluster of four nodes besides tests/core/test_cluster.py. Other `database` tests run there too, where they do
# not look into the engine (parts, mutations).
ON_A_CLUSTER := --truth-seeds 1 --truth-journeys 50 tests/e2e/test_simulated_truth.py \
	tests/correlator/test_undone_steps.py \
	tests/correlator/test_tick.py::test_a_provisional_journey_dissolves_when_its_link_arrives \
	tests/collector/test_stored_once.py::test_a_repeated_insert_stores_nothing_in_any_table_through_all_views \
	tests/core/test_retention.py::test_only_what_differs_is_changed

test: $(VENV)/.development $(FOREIGN)/node_modules/.installed ## Run the suite: database tests on a listening ClickHouse, a choice of them on a cluster, then everything on the embedded one
	$(BIN)/python -m pytest -q -rs -n $(WORKERS) -m database --store listening --worlds 70 --truth-seeds 1
	$(BIN)/python -m pytest -q -rs -m database --store cluster $(ON_A_CLUSTER)
	$(BIN)/python -m pytest -q -rs -n $(WORKERS) $(if $(COVERAGE),--cov --cov-report=term:skip-covered)

check: $(VENV)/.development ## Lint, types, layers, and the migrations twice on an empty database
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && export STALLWATCH_DATA_DIR="$$directory" && set -x && \
		$(BIN)/stallwatch migrate && $(BIN)/stallwatch migrate

bench: $(VENV)/.development ## Measure what the README claims
	@for claim in ingest correlate query; do echo "== $$claim"; $(BIN)/python -m bench.$$claim || exit 1; done

LONG := $(BIN)/python -m pytest -q -s -o faulthandler_timeout=0

# Another SEED plays another hundred rounds; a failure names the one that it needs.
SEED ?= $(shell date +%Y%m%d)
soak: $(VENV)/.development ## Play 100 rounds of chaos over each store, send 120,000 fuzzed requests, hold 20 simulated months against their truth: an hour or two
	$(LONG) -p no:randomly tests/fuzz --fuzz-inputs 60000 --chaos-seed $(SEED)
	$(LONG) -p no:randomly tests/e2e/test_chaos.py --rounds 100 --chaos-seed $(SEED)
	$(LONG) -p no:randomly tests/e2e/test_simulated_truth.py --truth-seeds 20 --truth-journeys 2500

nightly: $(VENV)/.development ## Tell the correlator 2,500 small worlds in any order, and hold them against the oracle and rebuilds
	$(LONG) tests/correlator/test_worlds.py --worlds 2500

lock: $(VENV)/.development ## Compile the hashed locks from pyproject.toml; UPGRADE=--upgrade takes newer versions
	$(COMPILE) $(UPGRADE) --group build -o requirements.txt
	$(COMPILE) $(UPGRADE) --group dev --constraint requirements.txt -o requirements-dev.txt

secrets: secrets/dsn ## Make the passwords that docker-compose.yml reads

clean: ## Remove the environment and caches, never data
	rm -rf $(VENV) $(FOREIGN)/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Without npm the tests that need it are skipped, and say so; CI fails instead.
$(FOREIGN)/node_modules/.installed: $(FOREIGN)/package.json
	@if command -v npm >/dev/null; then cd $(FOREIGN) && \
		npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.installed; \
	else echo "npm is missing: JavaScript encoders will not be tried" >&2; fi

# The containers' users read them, so the directory is closed to others and the files are not.
secrets/dsn:
	@mkdir -p -m 700 secrets
	@password=$$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n') && printf '%s' "$$password" > secrets/password && \
		printf 'clickhouse://stallwatch:%s@clickhouse:8123/stallwatch' "$$password" > $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp a lock: installing is repeated only where the lock or the project's metadata changed.
$(VENV)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing what requirements.txt names"
	$(PIP_INSTALL) --require-hashes -r requirements.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.txt pyproject.toml | $(BIN)/python
	@echo "installing what requirements-dev.txt names"
	$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
