# Everything runs from .venv, which the targets fill by themselves. Needed beforehand: Python 3.11 or newer and make.

PYTHON ?= python3
PORT ?= 8501
REPLICAS ?=
TORCH_INDEX ?=
ARGS ?=

VENV := .venv/bin/python
# Python compiles a module when it is first imported; all of torch's beforehand would take a minute.
INSTALL := $(VENV) -m pip install --disable-pip-version-check --no-compile $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

# They would send the packages past .venv.
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help run serve test test-processors check lock bench screenshots install clean python free-port browser

help:
	@echo "make run          open the playground on http://localhost:$(PORT)    (make run PORT=9000: another port)"
	@echo "make serve        the same in several processes behind nginx, for many visitors    (REPLICAS=4: one a core by default)"
	@echo "make test         run all tests, the browser's too        (make test ARGS='-k loss': some of them)"
	@echo "make test-processors  the numerical tests as other processors round"
	@echo "make check        ruff, mypy and oxlint; known holes in packages"
	@echo "make bench        measure speed"
	@echo "make screenshots  take the pictures for the README"
	@echo "make install      install the packages that 'make run' needs, and stop"
	@echo "make lock         pin every package again after changing a version in a requirements file"
	@echo "make clean        remove .venv and the tools' caches"
	@echo
	@echo "PYTHON=python3.12    the Python that .venv is made with"
	@echo "TORCH_INDEX=<url>    a further package index to look for torch in: on Linux the default torch brings"
	@echo "                     gigabytes for graphics cards, PyTorch's CPU index a small one without"

run: free-port .venv/ready-to-run
	@# Streamlit asks for an e-mail address at its first start, and waits.
	$(VENV) -m streamlit run app/main.py --server.port $(PORT) --server.showEmailPrompt false

serve: free-port .venv/ready-to-run
	@# exec: a signal reaches it, and not only a shell in between.
	exec $(VENV) deploy/serve.py $(PORT) "$(REPLICAS)"

test: .venv/ready-to-test browser
	$(VENV) -m pytest -n 2 --maxschedchunk 1 $(ARGS)

test-processors: .venv/ready-to-test
	$(VENV) tests/setup/processors.py $(ARGS)

check: .venv/ready-to-test
	@$(VENV) tests/setup/lock.py
	@$(VENV) tests/setup/audit.py
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV:python=oxlint) components

bench: .venv/ready-to-test browser
	$(VENV) -m tests.benchmarks $(ARGS)

screenshots: .venv/ready-to-test browser
	$(VENV) -m tests.browser.screenshots $(ARGS)

# The lines with a comment are pinned by hand; the others are what those packages need.
lock: .venv/created
	$(INSTALL) $$(sed -n 's/  #.*//p' requirements.txt tests/requirements.txt)
	$(VENV) tests/setup/lock.py --write

install: .venv/ready-to-run

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The files below are empty: their age says whether .venv is up to date.

.venv/created: | python
	@echo "Making .venv ..."
	@$(PYTHON) -m venv .venv || $(venv_from_apt)
	@touch $@

.venv/ready-to-run: requirements.txt .venv/created
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/ready-to-test: requirements.txt tests/requirements.txt .venv/created
	$(INSTALL) -r requirements.txt -r tests/requirements.txt
	@touch .venv/ready-to-run $@

# Debian and Ubuntu keep a part of venv in a package of its own.
venv_from_apt = { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	&& apt-get update -q && apt-get install -q -y --no-install-recommends python3-venv \
	&& $(PYTHON) -m venv .venv; } \
	|| { echo "$(PYTHON) could not make .venv. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name yours: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -c 'import platform; print(platform.python_version())')." \
		"Install a newer one and name it: make PYTHON=python3.12" >&2; exit 1; }

free-port: | python
	@$(PYTHON) tests/setup/port.py "$(PORT)" $(filter run serve,$(MAKECMDGOALS))

browser: | python
	@$(PYTHON) tests/setup/chromium.py
