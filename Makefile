# `make run` shows Isotherm, `make test` checks it. Both install what they need.
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
STATIC := backend/isotherm/static/index.html
PAGE_SOURCES := $(shell find grafana-plugin/src grafana-plugin/esbuild.mjs -type f 2>/dev/null)
PORT ?= 8420
STARTS ?= 20
JOBS ?= 2
comma := ,
FAST := -q -n auto --dist loadgroup --fast
PROSE := README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md $(filter-out docs/accuracy.md docs/api.md,$(wildcard docs/*.md docs/decisions/*.md))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# without them each of the many processes of a test run compiles the package and the tests anew
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help chart compatible audit fuzz load metamorphic simulate differential faults kill setup run test check prose contract docs bench aa accuracy mutation coverage screenshots coldstart dist clean system-run system-test test-fast test-python test-plugin

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: system-run ## Install what the other targets need
	@$(MAKE) --no-print-directory -j2 .venv/.installed $(STATIC)

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

run: setup ## Start Isotherm on port 8420 and load the sample sessions
	$(PY) -m isotherm demo --serve --port $(PORT)

test: setup system-test test-plugin test-python ## Run all tests: Python, Go, TypeScript, browser (JOBS=2)

test-plugin:
	cd grafana-plugin && npm run --silent typecheck && npm run --silent lint && npm run --silent test:ci
	cd grafana-plugin && npm run --silent build
	cd grafana-plugin && go vet ./pkg/... && go test ./pkg/...

test-fast: .venv/.installed ## Python tests without browsers and servers, in parallel
	$(PY) -m pytest $(FAST)

test-python: # JOBS processes; tests that measure times run by themselves afterwards
	$(PY) -m ruff check backend tests
	$(PY) -m ruff format --check backend tests
	$(PY) -m mypy
	$(PY) -m pytest -n $(JOBS) --dist loadgroup -m "not measures"
	$(PY) -m pytest -m measures

check: .venv/.installed prose ## Formatter, linter, types, import rules, generated files, prose
	$(PY) -m ruff check backend tests && $(PY) -m ruff format --check backend tests && $(PY) -m mypy
	$(PY) -m mypy -p tests
	.venv/bin/lint-imports
	$(PY) -m isotherm.api.contract --check
	cd grafana-plugin && npm run --silent typecheck && npm run --silent lint

prose: scripts/prose/node_modules/.installed ## Spelling, grammar and terms of the documentation
	cd scripts/prose && npx textlint -f unix $(addprefix ../../,$(PROSE))

scripts/prose/node_modules/.installed: scripts/prose/package-lock.json
	cd scripts/prose && npm ci --no-audit --no-fund
	@touch $@

contract: .venv/.installed ## Generate types, the documentation of API and settings, and the schema of the chart from the tables
	$(PY) -m isotherm.api.contract
	$(PY) -m isotherm.api.docs > docs/api.md
	$(PY) -m tests.app.settings
	$(PY) -m tests.charts.schema

docs: .venv/.installed ## Build the documentation as a site, in site/
	$(PY) -m mkdocs build --strict

bench: setup tests/bench/drawing/node_modules/.installed ## Run the benchmarks of docs/performance.md, including the software it is compared with
	$(PY) -m tests.bench

tests/bench/drawing/node_modules/.installed: tests/bench/drawing/package-lock.json
	cd tests/bench/drawing && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

aa: .venv/.installed ## How often is a change found where nothing changed (RUNS=200 SEED=1)
	$(PY) -m tests.bench.aa --runs $(or $(RUNS),200) --seed $(or $(SEED),1)

coldstart: setup ## Start the demo repeatedly while every core is busy (STARTS=20)
	$(PY) -m tests.coldstart --starts $(STARTS)

mutation: .venv/.installed ## Change placing, counting, spool and journal in small ways: do the tests notice? (ONLY="spool")
	$(PY) -m tests.mutation $(ONLY)

faults: .venv/.installed ## Let each file operation fail once, kill the process and cut the power at each (KIND=kill EVERY=1)
	$(PY) -m tests.faults.every_point $(addprefix --kind ,$(KIND)) --every $(or $(EVERY),1)
	$(if $(KIND),,$(PY) -m tests.faults.power_loss --every $(or $(EVERY),1))

load: setup ## A server at 70 % of the most it takes, overloaded, and with slow clients (MINUTES=10)
	$(PY) -m tests.load --minutes $(or $(MINUTES),10)

kill: .venv/.installed ## Kill processes of servers on ClickHouse under load (SECONDS=300 EVERY=4 MACHINES=1)
	$(PY) -m tests.processes.kill --seconds $(or $(SECONDS),300) --every $(or $(EVERY),4) --machines $(or $(MACHINES),1)

simulate: .venv/.installed ## Simulate faults and restarts by seeds (SCHEDULES=10000 FIRST=0, or SEED=17)
	$(PY) -m tests.simulation --schedules $(or $(SCHEDULES),10000) --first $(or $(FIRST),0) $(addprefix --seed ,$(SEED))

differential: .venv/.installed ## Tell each store the same events in another way: are all rows and answers the same (SEEDS=20 FIRST=0)
	$(PY) -m tests.differential --seeds $(or $(SEEDS),20) --first $(or $(FIRST),0)

metamorphic: .venv/.installed ## Do answers agree with those of their parts, of another order, of other questions (QUESTIONS=10000 FIRST=0 STORE=clickhouse, or SEED=17)
	$(PY) -m tests.metamorphic --questions $(or $(QUESTIONS),10000) --first $(or $(FIRST),0) --store $(or $(STORE),duckdb) $(addprefix --seed ,$(SEED))

fuzz: .venv/.installed ## Generated requests to every route, good and bad (EXAMPLES=900 of each, about 100,000)
	ISOTHERM_FUZZ_EXAMPLES=$(or $(EXAMPLES),900) $(PY) -m pytest -q tests/api/test_openapi.py

chart: .venv/.installed ## Build Helm, render the chart, compare it with Kubernetes' schemas
	scripts/chart.sh

compatible: grafana-plugin/node_modules/.installed ## What a later Grafana changes of its packages that the plugin uses (GRAFANA=13.2.3)
	cd grafana-plugin && npx --yes @grafana/levitate@0.17.2 is-compatible --path src/module.tsx \
		--target $(subst $() ,$(comma),$(foreach name,data ui runtime,@grafana/$(name)@$(or $(GRAFANA),13.2.3)))

audit: setup ## Known vulnerabilities and licences of Python, npm and Go packages
	scripts/audit.sh

coverage: .venv/.installed ## Branch coverage of the fast tests, in build/coverage
	$(PY) -m pytest $(FAST) --cov=isotherm --cov-branch --cov-report=term:skip-covered --cov-report=html:build/coverage

screenshots: setup ## Take the screenshots of the documentation again
	$(PY) -m tests.browser.screenshots

accuracy: setup tests/accuracy/node_modules/.installed ## Run the accuracy benchmark and write docs/accuracy.md
	$(PY) -m tests.accuracy --again --out docs/accuracy.md

tests/accuracy/node_modules/.installed: tests/accuracy/package-lock.json
	cd tests/accuracy && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

dist: setup ## Build the plugin's zip for six platforms and the Python wheel
	scripts/dist.sh

clean: ## Remove everything that was built or installed, but no data
	rm -rf .venv grafana-plugin/node_modules scripts/prose/node_modules tests/accuracy/node_modules grafana-plugin/dist backend/isotherm/static build dist
