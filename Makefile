# make run                          serve the app on the embedded host, with demo data
# make test                         run the suite on the embedded host
# make test BENCH=PATH SITE=NAME    run the suite on a site of a bench that has the app installed
#          URL=http://...           where that bench serves the site, for the tests in a browser
# make lint                         check the style

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check
DEMO_SITE := pipeline.localhost
HOST := $(VENV)/bin/python -m embedded --site $(DEMO_SITE)

.PHONY: run test lint

run: sites/$(DEMO_SITE)/.ready
	@$(HOST) migrate
	@echo "CRM Pipeline: http://127.0.0.1:$(PORT)   user: Administrator   password: admin"
	@$(HOST) serve --port $(PORT) --scheduler

sites/$(DEMO_SITE)/.ready: | $(VENV)/.run
	$(HOST) --force new-site --admin-password admin --install-app crm_pipeline
	$(HOST) crm-pipeline demo
	@touch $@

$(VENV)/.run: embedded/requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -r embedded/requirements.txt
	@touch $@

$(VENV)/.test: embedded/requirements-test.txt $(VENV)/.run
	$(PIP) install -r embedded/requirements-test.txt
	@touch $@

lint: $(VENV)/.test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

ifdef BENCH
BENCH_PATH := $(abspath $(BENCH))
BENCH_PYTHON := $(BENCH_PATH)/env/bin/python
TEST_PACKAGES := $(abspath build/test-packages)/$(notdir $(BENCH_PATH))

# The bench's own Python runs the bench's own copy of the app; pytest lies beside it, not in it.
test: $(VENV)/.run
	$(if $(SITE),,$(error Name the site: make test BENCH=PATH SITE=NAME))
	$(PIP) --python $(BENCH_PYTHON) install --upgrade --target $(TEST_PACKAGES) -r embedded/requirements-test.txt
	$(PIP) --python $(BENCH_PYTHON) install --upgrade --target $(TEST_PACKAGES) -r embedded/requirements-browser.txt
	cd $(BENCH_PATH)/sites && PYTHONPATH=$(TEST_PACKAGES) FRAPPE_SITE=$(SITE) FRAPPE_SITES=$(BENCH_PATH)/sites FRAPPE_URL=$(URL) \
		$(BENCH_PYTHON) -m pytest -p no:cacheprovider -c $(BENCH_PATH)/apps/crm_pipeline/pyproject.toml $(BENCH_PATH)/apps/crm_pipeline/crm_pipeline
else
test: $(VENV)/.test
	$(VENV)/bin/python -m pytest
endif
