# `make demo` and `make test` are all that a fresh Debian machine with Python 3.11 needs; `make help` names the rest.

SHELL  := /bin/bash
.SHELLFLAGS := -o pipefail -c
VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)

# Where the programs run without a screen. A target that opens a window leaves the choice to Qt.
OFFSCREEN := QT_QPA_PLATFORM=offscreen
# Test processes: as many as the machine has cores, at least two.
WORKERS ?= $(shell nproc 2>/dev/null || echo 2)

LOCK_FLAGS := --no-config --universal --python-version 3.11 --generate-hashes \
              --no-emit-index-url --no-annotate --quiet \
              --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test soak run check bench screenshots lock venv forms i18n clean system-run system-test

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: system-run venv  ## a whole round, made, scored, signed, merged and exported into build/demo
	$(OFFSCREEN) $(BIN)/qisp demo build/demo

test: system-test venv  ## every test, and the coverage that must be whole
	@mkdir -p build
	@rm -f build/coverage.json
	$(OFFSCREEN) $(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report= \
	    --cov-report=json:build/coverage.json 2>&1 | tee build/test.log
	@$(BIN)/python build_spec/check_coverage.py build/coverage.json
	@tail -n 1 build/test.log

soak: system-test venv  ## a typist in the expert's window, killed at 50 random moments
	QISP_KILLS=50 $(OFFSCREEN) $(BIN)/python -m pytest -n 0 tests/gui/desk/test_killed.py

run: system-run venv  ## the application
	$(BIN)/python -m qisp_desktop

check: system-run venv  ## style, types, layers, generated files, lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python build_spec/compile_forms.py --check
	$(BIN)/python build_spec/catalogue.py --check
	$(BIN)/python build_spec/check_lock.py

bench: system-test venv  ## our speed against bare libraries, as ratios in one run
	$(OFFSCREEN) env -u PYTHONDONTWRITEBYTECODE $(BIN)/python build_spec/benchmarks/run.py

screenshots: system-run venv  ## a picture of each main screen and paper into build/screenshots
	$(OFFSCREEN) $(BIN)/python build_spec/screenshots.py build/screenshots
	$(BIN)/python build_spec/paper_pictures.py build/screenshots

forms: venv  ## compile ui/*.ui into qisp_desktop/gui/forms
	$(BIN)/python build_spec/compile_forms.py

i18n: venv  ## gather the texts into the catalogue and compile it
	$(BIN)/python build_spec/catalogue.py

lock: build/lock-venv  ## resolve the dependencies anew (needs the network)
	build/lock-venv/bin/uv pip compile $(LOCK_FLAGS) --upgrade --extra postgresql pyproject.toml -o requirements.lock
	build/lock-venv/bin/uv pip compile $(LOCK_FLAGS) --upgrade --extra dev --extra postgresql -c requirements.lock \
	    pyproject.toml -o requirements-dev.lock

build/lock-venv:
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet uv || { rm -rf $@; exit 1; }

venv: $(VENV)/.stamp  ## .venv with exactly the locked dependencies, and the project in place

# The stamp is written last, so an install that was interrupted is done again.
$(VENV)/.stamp: requirements-dev.lock pyproject.toml
	@build_spec/ensure_venv.sh "$(PYTHON)" $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

system-run:
	@build_spec/system_packages.sh run

system-test:
	@build_spec/system_packages.sh run test

clean:  ## remove what was built; the environment stays
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
