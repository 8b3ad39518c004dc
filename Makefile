.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Settings as in production, invented: what 'check --deploy' must find nothing wrong with.
DEPLOYED := SLUICE_PUBLIC_URL=https://gate.example.com SLUICE_SECRET_KEY=$$($(BIN)/python -c 'print("invented-" * 8)') \
  SLUICE_ADVERTISER_NAME='Harrow & Lyle' SLUICE_ABUSE_ADDRESS=abuse@harrow.example.com

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: .venv/installed ## Run Sluice on http://127.0.0.1:8000 (SQLite, one process)
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@$(MANAGE) serve

demo: .venv/installed ## Run it in a scratch database with a pretend internet behind it
	@$(BIN)/python -m lab.demo

test: .venv/installed ## Run the whole test suite
	@$(BIN)/python -m pytest

check: .venv/installed ## What CI runs: format, lint, types, contracts, migrations, deployment, tests
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(MANAGE) makemigrations --check --dry-run
	$(DEPLOYED) $(MANAGE) check --deploy --fail-level WARNING
	$(BIN)/python -m pytest

test-production: .venv/installed ## Run the suite on PostgreSQL, and the line over RabbitMQ and Redis; all three must be there
	@SLUICE_DATABASE_URL=$${SLUICE_TEST_POSTGRES:-postgres://postgres@127.0.0.1:5432/postgres} \
	  $(BIN)/python -m pytest -m "production or not (slow or browser)"

torture: .venv/installed ## kill -9 the server 20 times while 100 findings are worked off
	@$(BIN)/python -m tests.line.torture

bench-line: .venv/installed ## Measure from a listing to an order in the mail server's hands
	@$(BIN)/python -m bench.line

bench-scan: .venv/installed ## Measure blocklist-scan against aiodns and dnspython
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m bench.scan

bench-sweep: .venv/installed ## Measure 5,000 servers x 12 lists due at once, beside blocklist-scan
	@$(BIN)/python -m bench.sweep

bench-pages: .venv/installed ## Measure the vendor list against a bare Django page
	@$(BIN)/python -m bench.pages

bench-form: .venv/installed ## Measure the pages of a form with 300 servers on the embedded server
	@$(BIN)/python -m bench.form

install: .venv/installed ## Only set up .venv; the other targets call it

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Sluice needs Python 3.11 or later; this one is %d.%d. Name another: make PYTHON=python3.12 …" % v[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "python3 could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up .venv; the first time this takes a minute."
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

pins: ## Write the versions that are installed now into constraints.txt
	@{ sed -n '/^#/p' constraints.txt; $(BIN)/pip freeze --exclude-editable | sort --ignore-case; } > constraints.new
	@mv constraints.new constraints.txt

.PHONY: help run demo test test-production check torture bench-line bench-scan bench-sweep bench-pages bench-form install pins
