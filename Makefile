PYTHON ?= python3
BIN = .venv/bin
RAPPORT = $(BIN)/rapport
PYTEST = $(BIN)/python -m pytest
# Two processes; the cells of one notebook stay in one of them.
TWO = -n 2 --dist loadfile

.PHONY: report quick test search lab fuzz check lock api bench growth bindings faults cases simulate accessibility clean

report: .venv/ok ## build the report
	$(RAPPORT) build

quick: check ## what broke, in about a minute: style, types, floors, and the tests that build nothing
	$(PYTEST) $(TWO) -q -x -m "not slow" tests analysis_lib publishing

test: .venv/ok ## run all tests: code, examples, notebooks
	$(PYTEST) $(TWO)

search: .venv/ok ## the properties, on thousands of new examples
	$(PYTEST) tests -m hypothesis --hypothesis-profile=search

lab: .venv/ok ## open JupyterLab in notebooks/, with long lines of text wrapped
	$(RAPPORT) lab

check: .venv/ok ## style, types, and which house may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

api: .venv/ok ## the API reference from the docstrings, in docs/_api
	$(BIN)/python docs/api.py

fuzz: .venv/ok ## damaged inputs of every kind, seeded; SECONDS=3600 SEED=7 for more and others
	$(BIN)/python -m tests.fuzz $(or $(SEED),1) $(or $(SECONDS),60)

cases: .venv/ok ## the reference cases: expected and got
	$(BIN)/python -m tests.evaluation.case_table

simulate: .venv/ok ## coverage of intervals and size of tests, by simulation
	$(BIN)/python benchmarks/simulate.py

bindings: .venv/ok ## wrong bindings planted in the last build: which guard finds each
	$(BIN)/python benchmarks/bindings.py

bench: .venv/ok ## build time and memory against plain papermill; time of the audit
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/audit.py

growth: .venv/ok ## processor time as each kind of input doubles
	$(BIN)/python -m benchmarks.growth

faults: .venv/ok ## builds killed, raced and starved: what was published, and what was left
	$(BIN)/python -m benchmarks.faults

accessibility: ## axe-core and veraPDF on the built report
	tests/accessibility/run

.venv/ok: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock: ## renew requirements.lock (needs uv)
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --extra dev --extra docs --extra register --extra spark pyproject.toml -o requirements.lock

clean:
	rm -rf .venv reports/_build docs/_api
