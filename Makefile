# Everything a person types. A fresh machine needs Python ≥ 3.11 and make; the rest is installed here, pinned.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_LOCK := locks/demo.txt
DEV_LOCK := locks/dev.txt
# Where PYTHONDONTWRITEBYTECODE is set, pip leaves bytecode out, and each start would compile 1,300 files for 1.5 s.
COMPILE := $(BIN)/python -m compileall -q $(VENV)/lib passerelle || true

.DEFAULT_GOAL := help
.PHONY: help demo test check bench sizes lock clean-data

help: ## What there is to do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

demo: $(VENV)/.demo ## Set everything up, play the story, go on serving
	$(BIN)/passerelle demo

test: $(VENV)/.dev ## Set everything up and run the tests
	$(BIN)/pytest -n 2 $(PYTEST)

check: $(VENV)/.dev ## Lint, types, boundaries, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 $(PYTEST)

bench: $(VENV)/.dev ## Measure everything the README quotes
	$(BIN)/python -m bench

sizes: $(VENV)/.dev ## Files and functions that have grown large
	$(BIN)/python -m bench.sizes

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
