# Everything a person types. A fresh machine needs Python ≥ 3.11 and make; the rest is installed here, pinned.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := locks/demo.txt
DEV_LOCK := locks/dev.txt
# Where PYTHONDONTWRITEBYTECODE is set, pip leaves bytecode out, and each start would compile 1,300 files for 1.5 s.
COMPILE := $(BIN)/python -m compileall -q $(VENV)/lib passerelle || true
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix web
WEB := passerelle/entry/webapp/app.html

.DEFAULT_GOAL := help
.PHONY: help demo test lint check bench screenshots web types sizes lock clean-data

help: ## What there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-12s %s\n", $$1, $$2 }'

demo: $(VENV)/.demo $(WEB) ## Set everything up, play the story, go on serving
	$(BIN)/passerelle demo

test: $(VENV)/.dev $(WEB) ## Set everything up and run the tests
	$(BIN)/pytest -n 2 $(PYTEST)

lint: $(VENV)/.dev $(WEB) ## Lint, types, boundaries; of the web app its unit tests as well
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) run --silent lint
	$(NPM) run --silent test

check: lint test ## Everything that must hold before a change goes in

bench: $(VENV)/.dev $(WEB) ## Measure everything the README quotes
	$(BIN)/python -m bench

screenshots: $(VENV)/.dev $(WEB) ## Take the pictures of the README and the guides
	$(BIN)/python -m bench.screenshots

sizes: $(VENV)/.dev ## Files and functions that have grown large
	$(BIN)/python -m bench.sizes

web: $(WEB) ## Build the web app

types: $(VENV)/.dev web/node_modules ## Write the web app's types anew from the API
	$(BIN)/passerelle openapi > web/openapi.json
	$(NPM) run --silent types
	@rm web/openapi.json

lock: $(VENV)/.dev ## Resolve the dependencies anew
	$(BIN)/python -m locks

$(VENV)/.demo: $(RUN_LOCK) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(RUN_LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	$(COMPILE)
	@touch $@

$(VENV)/.dev: $(DEV_LOCK) pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(DEV_LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	$(COMPILE)
	@touch $@ $(VENV)/.demo

web/node_modules: web/package-lock.json
	@test -x $(BIN)/npm || $(MAKE) $(VENV)/.demo
	$(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(WEB): web/node_modules $(shell find web/src web/public web/*.html web/*.ts -type f 2>/dev/null)
	$(NPM) run --silent build
	$(BIN)/passerelle openapi --keep
