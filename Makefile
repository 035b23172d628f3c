VENV := .venv
BIN := $(VENV)/bin
NEWER := import sys; sys.exit(sys.version_info < (3, 11))

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(NEWER)' 2>/dev/null && echo $$python && break; done)

ifneq ($(shell command -v uv 2>/dev/null),)
CREATE = uv venv --quiet --seed --python "$$(command -v $(PYTHON))" $(VENV)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
CREATE = $(PYTHON) -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.NOTPARALLEL:
.PHONY: install run test soak fuzz check audit bench mutate migrate stories tongues docs clean

install: $(VENV)/.with-dev

run: $(VENV)/.installed
	@exec $(BIN)/sitrep run

migrate: $(VENV)/.installed
	$(BIN)/sitrep migrate

test: $(VENV)/.with-dev $(VENV)/.browser
	$(BIN)/pytest -n auto --dist worksteal

soak: $(VENV)/.with-dev
	$(BIN)/python -m tests.faults.soak

fuzz: $(VENV)/.with-dev $(VENV)/.with-fuzz
	$(BIN)/python -m tests.fuzz

check: $(VENV)/.with-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m checks.dependencies

audit: $(VENV)/.with-dev
	$(BIN)/python -m checks.dependencies --required

bench: $(VENV)/.with-dev $(VENV)/.with-bench
	$(BIN)/python -m benchmarks

mutate: $(VENV)/.with-dev $(VENV)/.with-mutate
	$(BIN)/mutmut run
	$(BIN)/mutmut results

stories: $(VENV)/.with-dev
	@test -d "$(STORIES)" || { echo "Say where the stories are: make stories STORIES=folder" >&2; exit 2; }
	$(BIN)/pytest -n auto tests/stories --stories="$(STORIES)"

tongues: $(VENV)/.with-dev
	$(BIN)/python -m checks.tongues

docs: $(VENV)/.with-dev
	$(BIN)/mkdocs build --quiet --strict
	@echo "The site is in build/docs: open build/docs/index.html"

clean:
	rm -rf $(VENV) build dist mutants .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml
	@$(or $(PYTHON),false) -c '$(NEWER)' || { \
		echo "Sitrep needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || { rm -rf $(VENV) && $(CREATE); } || { rm -rf $(VENV); exit 1; }
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.browser: $(VENV)/.with-dev
	$(BIN)/python -m checks.browser
	@touch $@

$(VENV)/.with-%: $(VENV)/.installed
	$(INSTALL) --editable '.[$*]'
	@touch $@
