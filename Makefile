# `make try` opens the playground, `make test` tests everything; both install first.
PYTHON ?= python3
BIN := .venv/bin
# More workers than a small machine has cores: many tests wait for a homeserver, and for kills.
WORKERS ?= 3

.DELETE_ON_ERROR:
.PHONY: install peers try test lint bench torture lock clean

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Circlekeeper needs Python 3.11 or later. Say which one: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
	  || { echo "Python could not make .venv. On Debian: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Somebody else's Matrix client, for the tests in tests/peers. Without it `make test` leaves them out.
peers: tests/peers/node_modules/.package-lock.json

tests/peers/node_modules/.package-lock.json: tests/peers/package-lock.json
	@command -v npm >/dev/null || { echo "The foreign Matrix client needs npm. On Debian: apt install npm" >&2; exit 1; }
	cd tests/peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

try: install
	@$(BIN)/circlekeeper try $(ARGS)

test: install
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install
	$(BIN)/python -m pytest bench -n0 --timeout 1200 $(ARGS)

# The slow tests again and again: each time they kill and wait at other moments.
TIMES ?= 10
torture: export TORTURE = 1
torture: install
	for round in $$(seq $(TIMES)); do $(BIN)/python -m pytest -n $(WORKERS) -m slow $(ARGS) || exit 1; done

# Needs uv. Changes no version that still fits: `make lock ARGS=--upgrade` does.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" requirements.in -o requirements.lock $(ARGS)

clean:
	rm -rf .venv tests/peers/node_modules build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
