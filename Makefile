# Isotherm: `make run` shows it, `make test` checks it. Each does its own set-up.
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
STATIC := backend/isotherm/static/index.html
PAGE_SOURCES := $(shell find grafana-plugin/src grafana-plugin/esbuild.mjs -type f 2>/dev/null)
PORT ?= 8420
STARTS ?= 20
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test check contract bench aa accuracy coldstart dist clean system-run system-test test-fast test-python test-plugin

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: system-run .venv/.installed grafana-plugin/node_modules/.installed $(STATIC) ## Everything that the others need, once

system-run:
	@scripts/system.sh run

system-test:
	@scripts/system.sh test

.venv/.installed: requirements.lock requirements-dev.lock pyproject.toml
	@test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --no-deps --editable .
	@touch $@

grafana-plugin/node_modules/.installed: grafana-plugin/package-lock.json
	cd grafana-plugin && npm ci --no-audit --no-fund
	@touch $@

$(STATIC): grafana-plugin/node_modules/.installed $(PAGE_SOURCES)
	cd grafana-plugin && npm run --silent build:standalone

run: setup ## Start Isotherm on port 8420 with the sample sessions loaded
	$(PY) -m isotherm demo --serve --port $(PORT)

test: setup system-test test-plugin test-python ## All tests: Python, Go, TypeScript, browser

test-plugin:
	cd grafana-plugin && npm run --silent typecheck && npm run --silent lint && npm run --silent test:ci
	cd grafana-plugin && npm run --silent build
	cd grafana-plugin && go vet ./pkg/... && go test ./pkg/...

test-fast: .venv/.installed ## Python tests without browser and servers, in parallel
	$(PY) -m pytest -q -n auto -m "not browser and not server and not thorough" --ignore tests/browser --ignore tests/render

test-python:
	$(PY) -m ruff check backend tests
	$(PY) -m ruff format --check backend tests
	$(PY) -m mypy
	$(PY) -m pytest

check: .venv/.installed ## Formatter, linter, types, import rules, generated files
	$(PY) -m ruff check backend tests && $(PY) -m ruff format --check backend tests && $(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m isotherm.api.contract --check
	cd grafana-plugin && npm run --silent typecheck && npm run --silent lint

contract: .venv/.installed ## Write anew what is made of the tables of questions and routes: types, HTTP API
	$(PY) -m isotherm.api.contract
	$(PY) -m isotherm.api.docs > docs/api.md

docs: .venv/.installed ## The documentation as a site, in site/
	$(PY) -m mkdocs build --strict

bench: setup ## The measurements of docs/performance.md, peers included
	$(PY) -m tests.bench

aa: .venv/.installed ## Nothing changed, looked at every hour of 30 days: how often is a change called found (RUNS=200 SEED=1)
	$(PY) -m tests.bench.aa --runs $(or $(RUNS),200) --seed $(or $(SEED),1)

coldstart: setup ## Fresh starts of the demo in a row while every core is busy (STARTS=20)
	$(PY) -m tests.coldstart --starts $(STARTS)

accuracy: setup tests/accuracy/node_modules/.installed ## The accuracy benchmark: writes docs/accuracy.md
	$(PY) -m tests.accuracy --again --out docs/accuracy.md

tests/accuracy/node_modules/.installed: tests/accuracy/package-lock.json
	cd tests/accuracy && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

dist: setup ## The plugin's zip for six platforms and the Python wheel
	scripts/dist.sh

clean: ## Remove what was built and installed (not the data)
	rm -rf .venv grafana-plugin/node_modules tests/accuracy/node_modules grafana-plugin/dist backend/isotherm/static build dist
