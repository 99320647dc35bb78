# Two commands: `make run` shows the archive at work, `make test` proves it. See README.md.
.DELETE_ON_ERROR:
.PHONY: help run test torture test-lowest lint bench docs reference screenshots film fonts setup setup-dev system translations pins sbom dist clean

VENV ?= .venv
# What made the environment holds until something else is asked for.
CHOSEN := $(file <$(VENV)/chosen)
PYTHON ?= $(or $(word 1,$(CHOSEN)),python3)
ENGINE ?= $(or $(word 2,$(CHOSEN)),whisper)
PORT ?= 8000
SPACE := $(subst ,, )
DEMO ?= .demo
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Each engine: what it installs, what the tests add, which they are, and what is downloaded (measured
# on 64-bit Linux, in November 2026; the weights of `base`, 145 MB, come on top).
whisper_TESTED := whisper,faster
whisper_SIZE := some 700 MB (3.2 GB where torch comes with CUDA)
faster_TESTED := faster
faster_WITHOUT := torch
faster_SIZE := some 180 MB
# what `make test` leaves out: what an engine does not have, torture, and with QUICK=yes what takes long
WITHOUT := torture $($(ENGINE)_WITHOUT) $(if $(QUICK),long)
WITHOUT_MUCH := not model and not torch and not browser and not docs
MARKED := -m 'not ($(subst $(SPACE), or ,$(strip $(WITHOUT))))'
TESTED := $(or $($(ENGINE)_TESTED),$(error ENGINE is whisper or faster, not $(ENGINE)))
# torch's own index, whose builds for processors need no CUDA, and how long it may take to answer
TORCH := https://download.pytorch.org/whl/cpu
ANSWERS := import signal, urllib.request as r; signal.alarm(8); r.urlopen("$(TORCH)/torch/", timeout=4)
HAS_TORCH := import importlib.util as u, sys; sys.exit(u.find_spec("torch") is None)
# browsers, instruments and pieces to tell music by, other readers of tags and of ZIPs;
# a proxy, copies, units; what the judge of EPUB runs on
DEBIAN := chromium firefox-esr fluidsynth timgm6mb-soundfont openttd-openmsx eyed3 mediainfo strace unzip wget \
  nginx-light rsync restic systemd default-jre-headless
# nearly the priority of what `radio work` makes, which tests wait for and would starve otherwise
CALM := nice -n 15
# a worker more than cores: tests wait for servers and processes too
PARALLEL := --numprocesses $(shell expr $$(nproc) + 1) --dist loadfile --no-loadscope-reorder
# the slowest tests are named at the end; how long each took is kept in the environment
TIMED = --durations 50 --durations-min 2 --junit-xml $1/tests.xml
# what a reader of podcasts runs on, unless it came from elsewhere
NODE := $(shell command -v npm >/dev/null || echo nodejs npm)
PARTYTIME := .venv/node/node_modules/podcast-partytime/package.json

help:                        ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | sort

run: setup                   ## set up, then a demonstration archive on http://127.0.0.1:$(PORT)
	@$(BIN)/radio demo --root $(DEMO) --port $(PORT)

test: setup-dev system $(PARTYTIME) ## set up, then the suite: real Whisper, real browser
	$(CALM) $(BIN)/python -m pytest $(MARKED) $(PARALLEL) $(call TIMED,$(VENV))

torture: DEBIAN += wordpress wordpress-l10n wordpress-theme-twentytwentyfive php-cli php-curl php-mbstring mariadb-server-core
torture: setup-dev .venv-lowest/ready system $(PARTYTIME) ## what takes long and says little of a change: kills, hostile inputs, many machines
	@$(PIP) 'atheris>=3' 'schemathesis>=4.32'
	$(CALM) $(BIN)/python -m pytest -m torture $(PARALLEL) $(call TIMED,$(VENV))
	$(CALM) $(BIN)/python -m tests.torture --keep
	$(CALM) .venv-lowest/bin/python -m pytest -m '$(WITHOUT_MUCH)' $(PARALLEL) $(call TIMED,.venv-lowest)

test-lowest: .venv-lowest/ready system $(PARTYTIME) ## the tests that need neither model nor browser and are not long, with the lowest releases admitted
	$(CALM) .venv-lowest/bin/python -m pytest -m '$(WITHOUT_MUCH) and not long and not torture' $(PARALLEL) $(call TIMED,.venv-lowest)

lint: setup-dev              ## ruff, mypy --strict, and that imports point down
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/ready         ## the program and an engine, in .venv: ENGINE=whisper, or faster without torch

setup-dev: $(VENV)/ready-dev ## and what the tests need

ifneq ($(CHOSEN),$(PYTHON) $(ENGINE))
.PHONY: $(VENV)/chosen
endif
$(VENV)/chosen:
	@test ! -e $@ -a "$$($(BIN)/python -V 2>&1)" = "$$($(PYTHON) -V 2>&1)" || $(PYTHON) -m venv --clear $(VENV)
	@echo "$(PYTHON) $(ENGINE)" > $@

$(VENV)/ready: $(VENV)/chosen pyproject.toml
	@echo "Installing the archive and its engine in $(VENV). To download the first time: $($(ENGINE)_SIZE)…"
ifeq ($(ENGINE),whisper)
	@$(BIN)/python -c '$(HAS_TORCH)' || { $(BIN)/python -c '$(ANSWERS)' 2>/dev/null && \
	  $(PIP) --no-deps --index-url $(TORCH) torch; } || \
	echo "$(TORCH) gives no torch; another build of it may be 3.2 GB. ENGINE=faster needs none."
endif
	@$(PIP) --editable '.[$(ENGINE)]'
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready pyproject.toml
	@$(PIP) --editable '.[$(TESTED),conformer,cluster,names,sense,sites,books,metrics,dev,docs]'
	@touch $@

.venv-lowest/ready: pyproject.toml .ci/lowest.py
	@$(PYTHON) -m venv --clear .venv-lowest
	@$(PYTHON) .ci/lowest.py > .venv-lowest/constraints.txt
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check \
	  --constraint .venv-lowest/constraints.txt --editable '.[faster,conformer,cluster,sense,sites,books,metrics,dev]'
	@touch $@

$(PARTYTIME): | system
	@npm install --prefix .venv/node --no-audit --no-fund --silent podcast-partytime@5

docs: setup-dev              ## the manual as a site, in .docs/fr and .docs/en
	@for lang in fr en; do $(BIN)/python -m sphinx -qW --keep-going -E -c docs -D language=$$lang docs/$$lang .docs/$$lang || exit 1; done
	@echo "Open .docs/fr/index.html."

reference: setup-dev         ## the reference of the manual anew, from the program
	@$(BIN)/python -m tests.reference

screenshots: setup-dev system ## pictures of the demonstration for the README, in docs/
	@$(BIN)/python -m tests.screenshots

film: setup-dev              ## the film of the first day for the README, in docs/
	@$(BIN)/radio model list 2>/dev/null | grep -q '^base ' || $(BIN)/radio model fetch base
	@$(BIN)/python -m tests.film

fonts: setup-dev             ## the letters of the site, from the font of the covers
	@$(BIN)/python -m bench.fonts

bench: DEBIAN += asterisk-core-sounds-fr-wav asterisk-prompt-fr-armelle # people who speak French
bench: setup-dev system      ## measure, side by side; keeps BENCHMARKS.md
	@$(BIN)/radio model list 2>/dev/null | grep -q '^base .*ctranslate2' || $(BIN)/radio model fetch base --engine faster
	@$(BIN)/radio model list 2>/dev/null | grep -q '^voices ' || $(BIN)/radio model fetch voices
	@$(BIN)/python -m bench $(ONLY)

system:
	@dpkg --status $(DEBIAN) $(NODE) >/dev/null 2>&1 || { echo "The tests need $(DEBIAN) $(NODE): installing with apt…"; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN) $(NODE); } || \
	{ echo "Install as root: apt-get install $(DEBIAN) $(NODE)"; exit 1; }

translations:                ## extract, merge and compile the catalogue of the site and the command
	PYTHONPATH=. $(BIN)/pybabel -q extract -F radio/translations/babel.cfg -o .venv/radio.pot --no-location --sort-output radio
	$(BIN)/pybabel -q update -D radio -i .venv/radio.pot -d radio/translations -l en --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete
	$(BIN)/pybabel -q extract -o .venv/click.pot --no-location --sort-output $$($(BIN)/python -c 'import click; print(*click.__path__)')
	$(BIN)/pybabel -q update -D click -i .venv/click.pot -d radio/translations -l fr --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete
	$(BIN)/pybabel -q compile -D radio -d radio/translations -l en
	$(BIN)/pybabel -q compile -D click -d radio/translations -l fr

pins: setup-dev              ## requirements/ anew: the newest releases, with their hashes, for each extra
	@$(PIP) 'uv>=0.9'
	@$(BIN)/python .ci/pins.py

sbom: setup-dev              ## what each extra is made of, in dist/ (CycloneDX), from requirements/
	@$(PIP) 'cyclonedx-bom>=7'
	@$(BIN)/python .ci/pins.py dist

dist: setup-dev              ## wheel and source package in dist/, made twice and equal (URL=: where they are published)
	@$(PIP) 'build>=1.2' 'setuptools>=77'
	@$(BIN)/python .ci/dist.py

clean:                       ## forget the environments and the demonstration
	rm -rf .venv .venv-* .demo .docs dist
