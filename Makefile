# What can be done with a checkout. `make help` says what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# The database, the index and the files. Absolute, because programs change their folder.
KHANEH_HOME ?= $(CURDIR)/var
export KHANEH_HOME

# Hundreds of processes are started by the tests, several by each start: all of them would read the program's source anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

# One more than there are cores on the smallest machine that this is for: tests that start servers and browsers wait for them, and a third
# process works meanwhile. No test measures time, and each waits as long as a busy machine may take.
TEST_PROCESSES ?= 3
ARGS ?=

# A stamp is newer than the lock file it was made from: a second start does no installing.
RUNTIME := $(VENV)/installed-runtime
DEVELOPMENT := $(VENV)/installed-development

.PHONY: help setup run test check-types run-tests test-cluster test-package bench format lock package clean FORCE

help: ## Say what there is
	@echo "KHANEH_HOME = $(KHANEH_HOME)"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

$(BIN)/python:
	@python=$$(tools/find-python) && echo "making $(VENV) with $$python" && "$$python" -m venv $(VENV)

# Translations are compiled at every start: the tool itself skips what has not changed.
define INSTALL
	@echo "installing what $(1) names (the first time, some minutes)"
	@$(PIP) install --require-hashes -r $(1)
	@$(PIP) install --no-deps --no-build-isolation -e .
endef

$(RUNTIME): requirements.lock pyproject.toml setup.py | $(BIN)/python
	$(call INSTALL,requirements.lock)
	@touch $@

$(DEVELOPMENT): requirements-dev.lock pyproject.toml setup.py | $(BIN)/python
	$(call INSTALL,requirements-dev.lock)
	@touch $@ $(RUNTIME)

FORCE:

setup: $(DEVELOPMENT) ## Make the environment .venv from the lock file, with everything for development
	@$(BIN)/python tools/compile_translations.py

run: $(RUNTIME) ## Start the demonstration: database, web server, worker; ARGS="--port 8080" to change them
	@$(BIN)/python tools/compile_translations.py
	@exec $(BIN)/khaneh serve --demo $(ARGS)

test: setup ## Check format, types, import contracts, migrations, translations, and run every test
	@SYSTEM_PACKAGES=$(SYSTEM_PACKAGES) tools/system-packages test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python tools/check_migrations.py
	$(BIN)/python tools/check_translations.py
	@$(MAKE) --no-print-directory -j 2 check-types run-tests

# Side by side: without what an earlier run has kept, types take one core some minutes.
check-types:
	$(BIN)/mypy

run-tests:
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder -m "not cluster" $(ARGS)

test-cluster: setup ## Run the search suite on a real OpenSearch cluster on this machine's loopback
	@SYSTEM_PACKAGES=$(SYSTEM_PACKAGES) tools/system-packages cluster
	$(BIN)/python -m tests.cluster.run $(ARGS)

bench: setup ## Run the benchmarks; results go to benchmarks/results. ARGS="import search" to choose
	@SYSTEM_PACKAGES=$(SYSTEM_PACKAGES) tools/system-packages bench
	$(BIN)/python -m benchmarks $(ARGS)

format: $(DEVELOPMENT) ## Put the code in its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Write the lock files again from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--generate-hashes pyproject.toml --group build -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--generate-hashes pyproject.toml --group build --group dev --group bench -c requirements.lock -o requirements-dev.lock

package: setup ## Build the installable package (a wheel) and the source distribution into dist/
	@rm -rf build dist
	@$(BIN)/python -c "from setuptools import build_meta; build_meta.build_sdist('dist')" >/dev/null
	@$(BIN)/python -c "from setuptools import build_meta; build_meta.build_wheel('dist')" >/dev/null
	@ls -l dist

test-package: setup ## Build the package, install it into empty environments and try it; ARGS="python3.12 …" to choose
	$(BIN)/python tools/try_package.py $(ARGS)

clean: ## Remove what was built (not KHANEH_HOME)
	rm -rf build dist khaneh.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
