# make run · check · test · fuzz · eval · floors · diff · bench: each sets up what it needs (Python 3.11+, make, git).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RAY := .venv-ray
RAY_READY := $(RAY)/.ready

# A PYTHONPATH of the caller must not shadow the locked packages.
unexport PYTHONPATH

.PHONY: run check test test-ray fuzz floors diff lint format eval train bench notebook docs gazetteer lock messages clean

run: $(READY)
	$(BIN)/trichluc run corpus --out output --prune

# The quick loop: lint, types and fast tests, in under a minute.
check: lint
	$(BIN)/python -m pytest -m "not slow" $(ARGS)

test: $(READY)
	$(BIN)/python -m pytest $(ARGS)

# Property tests and damaged inputs with new random seeds, for so many seconds.
SECONDS ?= 600
fuzz: $(READY)
	end=$$(($$(date +%s) + $(SECONDS))); while [ $$(date +%s) -lt $$end ]; do \
		FUZZ_SEED=$$(date +%N | sed 's/^0*//') FUZZ_SECONDS=60 $(BIN)/python -m pytest -m fuzz -x $(ARGS) || exit 1; done

# Raises the figures of tests/floors.toml to what extraction reaches now.
floors: $(READY)
	$(BIN)/python scripts/write_floors.py

# Which rows of real reports does the change at hand make different? REV: the commit to compare with.
REPORTS ?= ../shared/corpus/reports
REV ?= HEAD
diff: $(READY)
	$(BIN)/python scripts/diff_rows.py $(REPORTS) $(REV)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The sample reports, which the rules know, and ten that they do not.
eval: run
	$(BIN)/trichluc run benchmarks/unseen --out output/.unseen --prune --quiet
	$(BIN)/python -m pipeline.analysis.evaluate corpus output
	$(BIN)/python -m pipeline.analysis.evaluate benchmarks/unseen output/.unseen

# Writes the weights of the deciders (rules/*/weights.tsv) anew from the repository's own facts. GOLD: folders of more.
GOLD ?=
train: $(READY)
	$(BIN)/python -m pipeline.train $(GOLD)

# Speed of the whole job beside a bare loop of underthesea.word_tokenize. ARCHIVE: a .jsonl.gz file with title and text;
# PAGES: a folder of web pages (without it, look-alikes).
ARCHIVE ?= ../shared/corpus/archive.jsonl.gz
PAGES ?= $(wildcard ../shared/archive/portal)
bench: $(READY)
	$(BIN)/python benchmarks/bench.py $(ARCHIVE)
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/pages.py $(PAGES) --texts $(ARCHIVE)
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/linked.py
	$(BIN)/python benchmarks/page.py

# 66 rounds of runs that are killed again and again, over every kind of file; takes some minutes.
test-crash: $(READY)
	$(BIN)/python -m pytest tests/pipeline/test_crash.py -m crash -o addopts="--strict-markers -ra" -v $(ARGS)

# The Ray engine on this machine, and an S3 server on loopback; both, unlocked, in an environment of their own.
test-ray: $(RAY_READY)
	$(RAY)/bin/python -m pytest tests/pipeline/test_ray.py $(ARGS)

$(RAY_READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(RAY)
	$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RAY)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable ".[ray]" "moto[s3,server]>=5" \
		|| { echo "test-ray: Ray and moto are not in requirements.lock and could not be installed: is there a network?" >&2; exit 1; }
	@touch $@

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "trichluc needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Builds rules/place/gazetteer.json.gz anew, to the same bytes, from pinned packages that are read and thrown away.
gazetteer: $(READY)
	$(BIN)/python scripts/build_gazetteer.py

# Runs the notebooks on the tables of `make run`; what they show is in output/notebooks.
notebook: run
	mkdir -p output/notebooks
	cd notebooks && for name in spot-check analysis; do \
		../$(BIN)/jupyter-execute $$name.ipynb --output=../output/notebooks/$$name.ipynb || exit 1; done

# Writes the data dictionary and the pictures of the README anew. The pictures need Chromium.
docs: $(READY)
	$(BIN)/python scripts/write_dictionary.py
	$(BIN)/python scripts/make_pictures.py

# Writes the hashed requirements anew from pyproject.toml. Needs uv, which only this target uses.
lock:
	uv pip compile --quiet --universal --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-annotate --no-header --output-file requirements.lock pyproject.toml

# Collects the messages of the command into the catalogue for Vietnamese, and compiles it.
messages: $(READY)
	$(BIN)/python scripts/write_messages.py

clean:
	rm -rf $(VENV) $(RAY) build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find output -mindepth 1 ! -name README.md -delete
