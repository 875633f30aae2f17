# make run                          serve the app on the embedded host, with demo data
# make test                         run the suite on the embedded host
# make test BENCH=PATH SITE=NAME    run the suite on a site of a bench that has the app installed
#          URL=http://...           where that bench serves the site, for the tests in a browser
# make test-browser                 look at the pipeline page in Chromium, served by the embedded host
#      PAGE_URL=... PAGE_PASSWORD=...   or by a bench, whose demo's people are let in; see crm_pipeline/tests/page
# make lint                         check style, spelling, types, JavaScript, the direction of imports, and the rules of this house
# make vendor                       renew the library that the pipeline page is rendered with (npm)
# make openapi                      write docs/openapi.json anew, the description of the interface
# make audit                        ask the registries of Python and of npm for known vulnerabilities of what is pinned
# make sbom                         write build/crm_pipeline.cdx.json, what a release brings along (CycloneDX)
# make lock                         pin the newest dependencies for Python 3.10 and later, with their hashes

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
LINT := $(VENV)/lint/bin
SEMGREP := PATH=$(CURDIR)/$(LINT):$$PATH semgrep scan --metrics off --disable-version-check
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check
LOCKED := install --require-hashes -r
COMPILE := ../$(VENV)/bin/python -m uv --no-config pip compile --quiet --upgrade --universal --python-version 3.10 \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock"
DEMO_SITE := pipeline.localhost
DEMO_COUNT ?= 100
# So that mails can be written; they stay in the queue.
MAIL_ACCOUNT := {"doctype": "Email Account", "email_account_name": "Sales", "email_id": "sales@example.com", \
	"enable_outgoing": 1, "default_outgoing": 1}
HOST := $(VENV)/bin/python -m embedded --site $(DEMO_SITE)

.PHONY: run test test-browser lint openapi audit sbom lock vendor free-port
.DELETE_ON_ERROR:

run: free-port sites/$(DEMO_SITE)/.ready
	@$(HOST) migrate
	@echo "Sign in as Administrator with password admin, or with password demo as one of the demo's people:"
	@$(HOST) crm-pipeline demo-people --password demo
	@$(HOST) serve --port $(PORT) --scheduler

# Before anything is built or announced.
free-port: | $(VENV)/.run
	@$(VENV)/bin/python -m embedded free-port $(PORT)

sites/$(DEMO_SITE)/.ready: | $(VENV)/.run free-port
	$(HOST) --force new-site --admin-password admin --install-app crm_pipeline
	$(HOST) crm-pipeline demo --count $(DEMO_COUNT)
	@$(HOST) execute frappe.client.insert --args '[$(MAIL_ACCOUNT)]' > /dev/null
	@touch $@

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: embedded/requirements.txt | $(VENV)/bin/python
	$(PIP) $(LOCKED) embedded/requirements.txt
	@touch $@

$(VENV)/.test: embedded/requirements-test.txt $(VENV)/.run
	$(PIP) $(LOCKED) embedded/requirements-test.txt
	@touch $@

$(VENV)/.page: embedded/requirements-page.txt $(VENV)/.test
	$(PIP) $(LOCKED) embedded/requirements-page.txt
	@touch $@

test-browser: $(VENV)/.page
	$(VENV)/bin/python -m pytest crm_pipeline/tests/page

lint: $(VENV)/.lint
	$(LINT)/ruff check .
	$(LINT)/ruff format --check .
	$(LINT)/codespell
	$(LINT)/mypy
	$(LINT)/python -m lint.imports
	$(LINT)/openapi-spec-validator docs/openapi.json
	$(LINT)/python -m lint.javascript
	$(SEMGREP) --quiet --test lint/semgrep
	$(SEMGREP) --quiet --error --config lint/semgrep .

# An environment of its own: its packages want other versions than the host's.
$(VENV)/.lint: lint/requirements.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/lint
	$(LINT)/python -m pip --quiet --disable-pip-version-check $(LOCKED) lint/requirements.txt
	@touch $@

RELEASE := $(VENV)/release/bin
$(VENV)/.release: lint/requirements-release.txt | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/release
	$(RELEASE)/python -m pip --quiet --disable-pip-version-check $(LOCKED) lint/requirements-release.txt
	@touch $@

# Of each file what the present Python takes. Where no advisories can be had, it fails and says so: nothing was audited then.
AUDITED := embedded/requirements.txt embedded/requirements-test.txt embedded/requirements-page.txt
audit: $(VENV)/.release
	$(RELEASE)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off $(AUDITED:%=--requirement %)
	cd vendor && npm audit

sbom: $(VENV)/.release $(VENV)/.run
	@mkdir -p build
	$(RELEASE)/python -m lint.sbom $(VENV)/bin/python build/crm_pipeline.cdx.json

# Each Python gets the newest releases that it takes; the suite's keep to what the host's file chose.
lock: | $(VENV)/bin/python
	$(PIP) install uv
	cd embedded && $(COMPILE) --output-file requirements.txt requirements.in
	cd embedded && $(COMPILE) --output-file requirements-test.txt requirements-test.in
	cd embedded && $(COMPILE) --output-file requirements-page.txt requirements-page.in
	cd lint && $(COMPILE) --only-binary semgrep --output-file requirements.txt requirements.in
	cd lint && $(COMPILE) --output-file requirements-release.txt requirements-release.in

# The suite fails while the file is not what this writes; `make lint` asks whether it is OpenAPI.
openapi: | $(VENV)/.run
	PYTHONPATH=embedded $(VENV)/bin/python -c 'from crm_pipeline.api.openapi import description; print(description(), end="")' > docs/openapi.json

# The page's one foreign file, with what it is made of and under which licences beside it.
PAGE_VENDOR := crm_pipeline/public/pipeline/vendor
vendor:
	cd vendor && npm ci --ignore-scripts --silent && npx esbuild preact.js --bundle --minify --format=esm \
		--legal-comments=none --banner:js="/* Preact, Signals and htm: see LICENSES.txt */" --outfile=../$(PAGE_VENDOR)/preact.js
	cd vendor/node_modules && for each in preact @preact/signals @preact/signals-core htm; do \
		echo "$$each $$(node -p "require('./$$each/package.json').version")"; echo; cat $$each/LICENSE; echo; \
		done > ../../$(PAGE_VENDOR)/LICENSES.txt

ifdef BENCH
BENCH_PATH := $(abspath $(BENCH))
BENCH_PYTHON := $(BENCH_PATH)/env/bin/python
TEST_PACKAGES := $(abspath build/test-packages)/$(notdir $(BENCH_PATH))

# The bench's own Python runs the bench's own copy of the app; pytest lies beside it, not in it.
test: $(VENV)/.run
	$(if $(SITE),,$(error Name the site: make test BENCH=PATH SITE=NAME))
	$(PIP) --python $(BENCH_PYTHON) install --upgrade --target $(TEST_PACKAGES) --require-hashes -r embedded/requirements-test.txt
	$(PIP) --python $(BENCH_PYTHON) install --upgrade --target $(TEST_PACKAGES) -r embedded/requirements-browser.txt
	cd $(BENCH_PATH)/sites && PYTHONPATH=$(TEST_PACKAGES) FRAPPE_SITE=$(SITE) FRAPPE_SITES=$(BENCH_PATH)/sites FRAPPE_URL=$(URL) \
		$(BENCH_PYTHON) -m pytest -p no:cacheprovider -c $(BENCH_PATH)/apps/crm_pipeline/pyproject.toml $(BENCH_PATH)/apps/crm_pipeline/crm_pipeline
else
test: $(VENV)/.test
	$(VENV)/bin/python -m pytest
endif
