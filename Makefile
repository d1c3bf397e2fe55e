# Every target does its own set-up. Taken for granted: make, and Python 3.11 or newer with venv.

PORT ?= 8000
DATA_DIR ?= .demo
TEST_ARGS ?=
STEPS ?= 20000
SEED ?=

BIN := .venv/bin
READY := .venv/.ready
PYTHONS := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11
PIP := $(BIN)/python -m pip --quiet --no-input --disable-pip-version-check
# runs a talkative command; its words are shown only when it fails
quietly = said=$$($(1) 2>&1) || { echo "$$said" >&2; exit 1; }

# Compiled modules are kept, whatever the environment says: the tests alone start the product more than a hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check bench prove lint lint-types lint-form lint-imports lint-templates format \
	schema lock clean

help:
	@echo "make demo [PORT=8000] [DATA_DIR=.demo]   everything, running on this machine; Ctrl-C ends it"
	@echo "make test [TEST_ARGS=...]                all tests"
	@echo "make check                               what CI runs: format, lint, types, imports, templates, tests"
	@echo "make bench                               every benchmark, one line of JSON each"
	@echo "make prove [STEPS=20000] [SEED=...]      many more steps of the proof that money holds"
	@echo "make format                              puts the code into its form"
	@echo "make schema                              renews docs/schema/functions.sql after a migration"
	@echo "make lock                                renews requirements.lock from pyproject.toml"

demo: $(READY)
	@exec $(BIN)/fairlead demo --port "$(PORT)" --data-dir "$(DATA_DIR)"

test: $(READY)
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(TEST_ARGS)

# The types are looked at beside the tests: both take long, and each leaves a core idle at times.
check: $(READY)
	@$(MAKE) --no-print-directory --jobs 2 $(LINTS) test

bench: $(READY)
	@$(BIN)/fairlead bench all --json

prove: $(READY)
	@PROVE_STEPS="$(STEPS)" PROVE_SEED="$(SEED)" $(BIN)/python -m pytest -p no:randomly tests/prove/test_machine.py
	@FUZZ_EXAMPLES=200 $(BIN)/python -m pytest -p no:randomly --timeout 1200 tests/api/test_fuzz.py

# djlint judges the templates but does not format them: it tears conditional attributes apart.
LINTS := lint-form lint-imports lint-templates lint-types

lint: $(READY)
	@$(MAKE) --no-print-directory --jobs 2 $(LINTS)

lint-types:
	@$(BIN)/mypy --no-error-summary

lint-form:
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts these files into their form." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .

lint-imports:
	@$(call quietly,$(BIN)/lint-imports --no-logo)

lint-templates:
	@$(call quietly,$(BIN)/djlint templates --lint)

format: $(READY)
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

# The database's own code on one page, from a database that is migrated for it.
schema: $(READY)
	@RENEW=1 $(BIN)/python -m pytest tests/test_schema.py

# One lock for every system and Python version, with hashes and without the address of any index.
lock: $(READY)
	@test -x $(BIN)/uv || $(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" --quiet --upgrade --output-file requirements.lock

clean:
	@rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The environment, made again when what it should hold has changed.
$(READY): requirements.lock pyproject.toml
	@found=; for python in $(PYTHONS); do \
		if "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		for python in $(PYTHONS); do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				echo "$$python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; fi; \
		done; \
		echo "Fairlead needs Python 3.11 or newer (found: $$(python3 --version 2>&1 || true)). If it has an unusual name: make PYTHON=..." >&2; \
		exit 1; \
	fi; \
	echo "Setting up .venv, which takes a minute or two the first time ..." >&2; \
	$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$$found" -m venv --clear .venv
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(READY)
