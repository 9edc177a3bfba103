PYTHON ?= python3
RAPPORT = .venv/bin/rapport

.PHONY: report test search lab check lock bench cases simulate accessibility clean

report: .venv/ok ## build the 2025 report
	$(RAPPORT) build

test: .venv/ok ## run all tests: code, examples, notebooks
	.venv/bin/python -m pytest

search: .venv/ok ## the properties, on thousands of new examples
	.venv/bin/python -m pytest tests -m hypothesis --hypothesis-profile=search

lab: .venv/ok ## open JupyterLab in notebooks/, with long lines of text wrapped
	.venv/bin/jupyter lab notebooks --LabApp.app_settings_dir=$(CURDIR)/notebooks/.lab

check: .venv/ok ## style and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

cases: .venv/ok ## the reference cases: expected and got
	.venv/bin/python -m tests.evaluation.case_table

simulate: .venv/ok ## coverage of intervals and size of tests, by simulation
	.venv/bin/python benchmarks/simulate.py

bench: .venv/ok ## build time and memory against plain papermill; time of the audit
	.venv/bin/python benchmarks/build.py
	.venv/bin/python benchmarks/audit.py

accessibility: ## axe-core and veraPDF on the built report
	tests/accessibility/run

.venv/ok: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock: ## renew requirements.lock (needs uv)
	uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --upgrade --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv reports/_build
