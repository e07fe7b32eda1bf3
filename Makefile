# What a contributor types. Everything is installed below .venv, once, and again when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := install -qq --disable-pip-version-check
# What the classifiers in pyproject.toml name.
VERSIONS := 3.11 3.12 3.13 3.14

.PHONY: demo test check docs pictures test-tree test-wheel test-newest test-versions wheel bench mutants soak record clean
.NOTPARALLEL:

demo: .venv/runtime.stamp
	@rm -f demo.mp4
	$(BIN)/anyvideo generate "A red fox runs through fresh snow at dawn" --sandbox -m apiyi/grok-imagine-video-1.5 --seconds 4 -o demo.mp4
	@echo "Your video: $(CURDIR)/demo.mp4"

test: check test-tree test-newest

check: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo
	@echo "$(BIN)/mypy, and $(BIN)/pyright beside it"
	@$(BIN)/mypy & mypy=$$!; $(BIN)/pyright; pyright=$$?; wait $$mypy && exit $$pyright

# The documentation, from docs/, the docstrings and the commands; warnings are errors here and in the tests, which build it too.
docs: .venv/dev.stamp
	$(BIN)/python docs/.tools/cli_page.py
	$(BIN)/zensical build --strict -f .zensical.toml
	@echo "Open $(CURDIR)/.venv/site/index.html"

# The pictures of the README and the docs: what the commands write in the sandbox, and the page in a browser.
pictures: .venv/dev.stamp
	$(BIN)/python docs/.tools/pictures.py

# The tree, with its branches counted.
test-tree: .venv/dev.stamp
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal -m "not volume"
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# What users get, installed where the tree cannot be seen: with the Python of .venv,
test-wheel: wheel
	.ci/test-wheel $$($(BIN)/python -c "import sys; print('%d.%d' % sys.version_info[:2])")

# with the newest other one that is found, with that of .venv where there is no other,
test-newest: wheel
	.ci/test-wheel --newest $(VERSIONS)

# and with every other one that is found.
test-versions: wheel
	.ci/test-wheel $(VERSIONS)

# An sdist, and the wheel from it.
wheel: .venv/dev.stamp
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist . > .venv/build.log 2>&1 || { cat .venv/build.log; exit 1; }

# PEERS=1 measures anyvideo beside other clients instead, some six minutes, and writes docs/figures.md.
bench: .venv/dev.stamp
	$(BIN)/python -m benchmarks$(if $(PEERS),.peers) $(ONLY)

# Makes one mistake after the other in the adapters; the cassettes must notice each. ONLY=apimart makes some of them.
mutants: .venv/dev.stamp
	$(BIN)/python -m tests.mutants $(ONLY)

# Plays rounds of kills, signals, faults of the disk, hostile answers and bad commands. SOAK_MINUTES=2 makes it short.
SOAK_MINUTES ?= 30
soak: .venv/dev.stamp
	SOAK_MINUTES=$(SOAK_MINUTES) $(BIN)/python -m tests.soak

# Records a vendor's live stories with your key, at most for ANYVIDEO_RECORD_BUDGET: cassettes/README.md.
record: .venv/dev.stamp
	@test -n "$(VENDOR)" || { echo 'name the vendor: make record VENDOR=fal'; exit 2; }
	$(BIN)/python -m pytest tests/cassettes/test_scenarios.py --record-mode=rewrite -rs -p no:xdist \
		-k "ends_as_it_should and $(VENDOR)$(if $(findstring /,$(VENDOR)),,/)"

clean:
	rm -rf .venv dist demo.mp4 .cache .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/runtime.stamp: pyproject.toml
	@echo "Installing anyvideo into .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip $(INSTALL) -e .
	@$(BIN)/python -m compileall -q core plugins # which pip does for whatever is not editable
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp tests/gateway/node/package-lock.json
	@echo "Installing what the checks and tests need into .venv"
	@$(BIN)/pip $(INSTALL) "pip>=25.1" # the first that knows dependency groups
	@(.ci/postgres && .ci/browser) & packages=$$!; $(BIN)/pip $(INSTALL) --no-compile --group dev && wait $$packages
	@.ci/node
	@touch $@
