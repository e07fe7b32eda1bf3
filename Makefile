# What a contributor types. Everything is installed below .venv, once, and again when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin
WHEEL := .venv/wheel
INSTALL := install -qq --disable-pip-version-check

.PHONY: demo test check docs test-tree test-wheel bench clean
.NOTPARALLEL:

demo: .venv/runtime.stamp
	@rm -f demo.mp4
	$(BIN)/anyvideo generate "A red fox runs through fresh snow at dawn" --sandbox -m apiyi/grok-imagine-video-1.5 --seconds 4 -o demo.mp4
	@echo "Your video: $(CURDIR)/demo.mp4"

test: check test-tree test-wheel

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/zensical build --strict -f .zensical.toml

# The documentation, from docs/ and the docstrings; warnings are errors here and in `make check`.
docs: .venv/dev.stamp
	$(BIN)/zensical build --strict -f .zensical.toml
	@echo "Open $(CURDIR)/.venv/site/index.html"

# The tree, with its branches counted.
test-tree: .venv/dev.stamp
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# What users get: sdist, wheel from the sdist, installed where the tree cannot be seen.
test-wheel: $(WHEEL)/tests.stamp
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist . > .venv/build.log 2>&1 || { cat .venv/build.log; exit 1; }
	$(BIN)/pip --python $(WHEEL) uninstall -qq -y anyvideo
	$(BIN)/pip --python $(WHEEL) $(INSTALL) dist/*.whl
	cd $(WHEEL) && bin/python -c "import anyvideo, sys; assert anyvideo.__file__.startswith(sys.prefix), anyvideo.__file__"
	cd $(WHEEL) && bin/pytest -n 2 -m "not slow and not wheel" -c $(CURDIR)/pyproject.toml $(CURDIR)/tests

bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv dist demo.mp4 .cache .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/runtime.stamp: pyproject.toml
	@echo "Installing anyvideo into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip $(INSTALL) -e .
	@$(BIN)/python -m compileall -q core plugins # which pip does for whatever is not editable
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp
	@echo "Installing what the checks and tests need into .venv"
	@$(BIN)/pip $(INSTALL) "pip>=25.1" # the first that knows dependency groups
	@$(BIN)/pip $(INSTALL) --group dev
	@touch $@

$(WHEEL)/tests.stamp: .venv/dev.stamp
	@echo "Installing what the tests need into $(WHEEL)"
	@$(PYTHON) -m venv $(WHEEL)
	@$(BIN)/pip --python $(WHEEL) $(INSTALL) --group tests
	@touch $@
