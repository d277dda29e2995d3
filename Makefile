# Every task of the project. `make` lists them. Needs Python 3.11, git and make; everything else is installed into this folder.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-browser test-postgres coverage check format gold models bench samples docs clean
.NOTPARALLEL:

BIN := .venv/bin
TIMED := scripts/timed.sh
ARGS :=

# The engines and the ledger's pure modules (no Django, no models): the parts whose errors nobody would see on a screen.
PURE := $(shell grep -LE 'django|hoptac\.ledger\.models' src/hoptac/ledger/*.py | tr '\n' ',')src/hoptac/text/*,src/hoptac/lexicon/*,src/hoptac/places/*,src/hoptac/pages/*,src/hoptac/reading/*
FLOOR := 95

# Test modules are found in their own folder, as pytest finds them.
TYPED := src:scripts:bench$(shell printf ':%s' tests/*/ tests/*/*/)

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Put arguments for the task's own command in ARGS: make test ARGS='tests/text -x'"

# The packages that the program itself runs on.
.venv/.set-run: uv.lock pyproject.toml
	@uv=$$(scripts/uv.sh) && $(TIMED) "packages (run)" "under a minute the first time, a second after that" \
		"$$uv" sync --frozen --inexact --no-default-groups
	@touch $@

# One stamp for each further set of packages, so that a second run costs nothing. --inexact keeps the sets that other tasks installed.
.venv/.set-%: uv.lock pyproject.toml
	@uv=$$(scripts/uv.sh) && $(TIMED) "packages ($*)" "under a minute the first time, a second after that" \
		"$$uv" sync --frozen --inexact --group $*
	@touch $@

setup: .venv/.set-test ## make the environment in .venv (first time: 10-60 s, 130 MB)
	@echo "setup: $(BIN)/hoptac is ready"

demo: .venv/.set-run ## sample pages taken into a ledger and shown in the browser (first time: ~20 s); RESET=1 starts anew
	@$(BIN)/hoptac demo $(if $(RESET),--reset) $(ARGS)

test: .venv/.set-test ## every test but the browser's and PostgreSQL's (~8 min); COVERAGE=1 measures
	@$(TIMED) test "about 8 minutes" \
		$(if $(COVERAGE),$(BIN)/coverage run --include="$(PURE)" -m,$(BIN)/python -m) pytest -m "not browser and not postgres" $(ARGS)

coverage: ## hold the engines and the pure modules to their floor (~5 s, after make test COVERAGE=1)
	@$(TIMED) coverage "about 5 s" $(BIN)/coverage report --skip-covered --include="$(PURE)" --fail-under=$(FLOOR)

test-browser: .venv/.set-test .venv/.set-e2e ## tests that drive Chromium (~1 min)
	@$(TIMED) test-browser "about a minute" $(BIN)/python -m pytest -m browser $(ARGS)

test-postgres: .venv/.set-test .venv/.set-check ## the tests on a PostgreSQL of their own, started and removed here (~4 min)
	@$(TIMED) test-postgres "about 4 minutes" scripts/with_postgres.sh $(BIN)/python -m pytest -m "not browser" \
		$(or $(ARGS),tests/ledger tests/review tests/exchange tests/newsroom tests/watch tests/web tests/samples tests/project tests/test_cli.py)

check: .venv/.set-test .venv/.set-check .venv/.set-e2e ## lint, format, types, layers (~30 s)
	@$(TIMED) "check: lint" "2 s" $(BIN)/ruff check .
	@$(TIMED) "check: format" "1 s" $(BIN)/ruff format --check .
	@$(TIMED) "check: types" "about 20 s the first time, 4 s after that" env MYPYPATH="$(TYPED)" \
		$(BIN)/mypy --explicit-package-bases --exclude "tests/(newsroom|review)/conftest" src tests scripts bench
	@$(TIMED) "check: layers" "3 s" $(BIN)/lint-imports

format: .venv/.set-check ## format the code (~1 s)
	@$(BIN)/ruff format .

gold: .venv/.set-test ## score the readings against labelled pages and hold the floors (~20 s)
	@$(TIMED) gold "about 20 s; skips, and says so, where the labelled pages are not at hand" \
		$(BIN)/python -m pytest tests/gold -rs $(ARGS)

models: .venv/.set-test .venv/.set-models ## learn the reader's weights anew from the rows kept in tests/gold (~1 min)
	@$(TIMED) models "about 1 min" $(BIN)/python scripts/train_reader.py $(ARGS)
	@$(TIMED) "models: judges" "about 10 s" $(BIN)/python scripts/train_judges.py

BENCH := run reading places

bench: .venv/.set-test ## measure start-up, reading and places (~5 min); BENCH=run, BENCH=reading, … one alone
	@for name in $(BENCH); do $(TIMED) "bench: $$name" "one to three minutes" $(BIN)/python bench/$$name.py $(ARGS) || exit; done

samples: .venv/.set-test ## build the sample files that are not plain text anew (~2 s)
	@$(TIMED) samples "about 2 s" $(BIN)/python scripts/make_samples.py $(ARGS)

docs: .venv/.set-test .venv/.set-docs ## build the documentation into docs/_build/html (~15 s)
	@$(TIMED) docs "about 15 s" $(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html $(ARGS)
	@echo "docs: open docs/_build/html/index.html"

clean: ## remove what the other tasks installed and built; the ledger in hoptac-data stays
	@rm -rf .venv .uv build dist docs/_build htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	@find src tests scripts bench docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@echo "clean: done; hoptac-data is untouched"
