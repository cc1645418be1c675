# Two commands do everything on a fresh machine: `make run` and `make test`. Needed beforehand: Python 3.11+ and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FROM ?= precooled
PROFILE ?=
SEED ?= 1

.PHONY: help run test test-long setup-run setup-test lint types unit browser hmi-check docs screens simulate faults explore bench bench-control clean

help: ## what there is to make
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup-run ## simulated chamber, control, API and panel on http://127.0.0.1:8000 (FROM=warm starts at room temperature, PROFILE=cabin is another device)
	@$(BIN)/cryochamber demo $(if $(PROFILE),--profile $(PROFILE)) --from $(FROM) --seed $(SEED)

test: setup-test ## every check: lint, types, import law, unit, integration, browser (under 10 minutes)
	@deploy/tools/check.sh

test-long: setup-test ## slow campaigns
	$(BIN)/pytest -m long --seed random --hypothesis-profile=search

# --- set-up: each step leaves a stamp and runs again only when what it depends on has changed ---

setup-run: $(VENV)/.run-stamp $(VENV)/.panel-stamp
setup-test: $(VENV)/.test-stamp $(VENV)/.panel-stamp
	@deploy/tools/need.sh chromium mosquitto

$(BIN)/python:
	@deploy/tools/venv.sh "$(PYTHON)" "$(VENV)"

$(VENV)/.run-stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "setting up: Python packages"
	@$(BIN)/python deploy/tools/install.py run
	@touch $@

$(VENV)/.test-stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "setting up: Python packages and test tools"
	@$(BIN)/python deploy/tools/install.py test
	@touch $@ $(VENV)/.run-stamp

PANEL_SOURCES := $(shell find hmi/src hmi/public -type f 2>/dev/null) hmi/index.html hmi/package.json hmi/package-lock.json hmi/vite.config.ts

$(VENV)/.panel-stamp: $(PANEL_SOURCES) | $(BIN)/python
	@deploy/tools/panel.sh "$(VENV)"
	@touch $@

# --- single parts, after `make setup-test` ---

lint: ## ruff and the import law
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache
types: ## pyright
	$(BIN)/pyright
unit: ## Python tests without a browser
	$(BIN)/pytest -m "not browser and not long"
browser: ## operator sessions in a real Chromium
	$(BIN)/pytest -m browser
hmi-check: ## TypeScript, vitest, generated types
	deploy/tools/npm.sh "$(VENV)" run check
docs: ## pages made from the project's own tables
	$(BIN)/cryochamber docs
screens: setup-test ## screenshots of the running system into docs/screens
	$(BIN)/python deploy/tools/screens.py
simulate: setup-run ## a day of sessions in virtual time
	$(BIN)/cryochamber simulate scenarios/day-of-sessions.toml
faults: setup-test ## the fault campaign: virtual time, real sockets, processes, disks (LONG=1 adds the long runs)
	$(BIN)/cryochamber faults $(if $(LONG),--long)
explore: setup-test ## every state the supervisor can get into, each scan judged (SECONDS=480, MEET=2 faults)
	$(BIN)/python -m tests.explore $(or $(SECONDS),480) $(or $(MEET),2)
bench-control: setup-test ## regulators side by side on 30 random plants; writes docs/control.md (PLANTS=30, MISSING=1 goes on)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.regulation --plants $(or $(PLANTS),30) $(if $(MISSING),--missing)
bench: setup-test ## figures, measured side by side in one run
	$(BIN)/python -m bench
clean: ## remove everything that was built or installed here
	rm -rf $(VENV) hmi/node_modules hmi/dist run var out .pytest_cache .ruff_cache .hypothesis .coverage*
