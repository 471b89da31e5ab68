# Everything a newcomer needs; `make help` lists it. Only Python 3.11 and make have to be there.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8080
SERVE ?= 1
ROSTER ?=
ONLY ?=
FLASK := FLASK_APP=run.py $(BIN)/flask

.DEFAULT_GOAL := help
.PHONY: help demo test serve check bench translations clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

.venv/runtime.done: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/test.done: .venv/runtime.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,drand]'
	@touch $@

translations/zh/LC_MESSAGES/messages.mo: translations/zh/LC_MESSAGES/messages.po .venv/runtime.done
	@$(BIN)/pybabel --quiet compile -d translations

demo: .venv/runtime.done translations/zh/LC_MESSAGES/messages.mo ## the whole cycle of a year on invented data, then serve it (SERVE=0: do not; ROSTER='file …': on these rosters)
	@VAR_DIR=var/demo/data LOG_LEVEL=ERROR $(FLASK) demo --out var/demo $(foreach path,$(ROSTER),--roster '$(path)')
	@if [ "$(SERVE)" != 0 ]; then VAR_DIR=var/demo/data $(FLASK) serve --port $(PORT); fi

serve: .venv/runtime.done translations/zh/LC_MESSAGES/messages.mo ## serve your own database on 127.0.0.1:8080
	@$(FLASK) init && $(FLASK) serve --port $(PORT)

# compiled modules are kept: many tests start the program anew
test: .venv/test.done translations/zh/LC_MESSAGES/messages.mo ## every test
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/test.done ## formatting, lint, types, layers
	$(BIN)/ruff format --check app tests config.py run.py
	$(BIN)/ruff check app tests config.py run.py
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/test.done translations/zh/LC_MESSAGES/messages.mo ## measure beside the peers (ONLY=draw for one)
	@mkdir -p var/bench
	$(BIN)/python -m tests.bench $(ONLY)

translations: .venv/test.done ## collect the source strings anew and compile
	@$(BIN)/pybabel --quiet extract -F translations/babel.cfg -k lazy_gettext -k _l --sort-by-file --no-location -o translations/messages.pot .
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete -i translations/messages.pot -d translations
	@$(BIN)/pybabel --quiet compile -d translations

clean: ## remove everything that make made
	rm -rf .venv var translations/*/LC_MESSAGES/*.mo
