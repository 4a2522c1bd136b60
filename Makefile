# What a person types. Every target prepares this checkout first; nothing else is needed before it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: demo check quick test scenarios coverage bench fuzz chaos interop lint reference lock clean help
unexport PYTHONDONTWRITEBYTECODE # what pytest makes of our tests is kept: the next run starts ten seconds earlier

BIN := .venv/bin
CORES := $(shell nproc)
# Labs and browsers wait more than they work: one worker more than there are cores.
PARALLEL := --numprocesses $(shell expr $(CORES) + 1) --dist worksteal
# The tests of make check work more than they wait: one worker more would only collect all of them once more.
BUSY := --numprocesses $(CORES) --dist worksteal
# The tests of the rooms that touch no wire, clock or disk; [tool.coverage] names the rooms.
PURE := $(addprefix tests/,checks device evidence intake knowledge model mutations protocol run scenario lab/test_lab_file.py)
# What needs nothing but this checkout and its .venv.
QUICK := not lab and not docker and not browser and not install
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

demo: ## set everything up and watch a device join, and fail to
	@requirements/bootstrap runtime
	@$(BIN)/hybridjoin demo

check: lint ## what to run after every edit: the house rules, and every quick test that needs no lab, Docker or browser
	$(BIN)/python -m pytest tests -m "$(QUICK) and not thorough" --hypothesis-profile quick $(BUSY)

quick: ## the tests that start no lab, and the wheel in virtual environments of its own: what every Python that we are for has to pass
	@requirements/bootstrap dev
	$(BIN)/python -m pytest tests -m "$(QUICK) or install" --hypothesis-profile quick $(PARALLEL)

test: lint ## set everything up, hold the house rules, run every test and every scenario on each lab backend that is there
	$(BIN)/python -m pytest tests $(PARALLEL)
	@$(MAKE) --no-print-directory scenarios

scenarios: ## run the scenario files on each lab backend that is there, and judge them again from their record (BACKENDS="docker process" chooses)
	@requirements/bootstrap dev
	@for backend in $${BACKENDS:-$$(requirements/bootstrap backends)}; do \
	    echo "== scenarios, $$backend backend"; \
	    $(BIN)/python -m pytest scenarios --hybridjoin-lab "$$backend" --numprocesses 2; \
	    $(BIN)/hybridjoin replay reports/latest; \
	done

coverage: ## measure the branches that the pure rooms' own tests take, and hold the floor
	@requirements/bootstrap dev
	$(BIN)/coverage run -m pytest $(PURE) -m "$(QUICK)"
	$(BIN)/coverage report

bench: ## print the figures that the design sets budgets for
	@requirements/bootstrap dev
	@$(BIN)/python -m benchmarks

fuzz: ## throw octets at every reader, guided by what they reach (SECONDS=600 in all; ONLY="entra-*"), and note it in docs/fuzz.md
	@requirements/bootstrap dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --requirement requirements/fuzz.txt
	$(BIN)/python -m tests.fuzz --seconds "$(or $(SECONDS),600)" --only "$(or $(ONLY),*)" --note docs/fuzz.md

chaos: ## kill commands at random moments, let the machine fail, join a thousand times (POINTS=20 is quick; SEED=; BACKENDS="docker process"; ONLY="crowd weather growth strikes")
	@requirements/bootstrap dev
	@$(BIN)/python -m benchmarks.chaos $(if $(POINTS),--points $(POINTS)) $(if $(SEED),--seed $(SEED)) $(foreach name,$(BACKENDS),--backend $(name)) $(foreach name,$(ONLY),--only $(name))

interop: ## hold identity providers of other houses against the harness (PEERS=metro is one; HYBRIDJOIN_LAB=docker has their directories in containers; HYBRIDJOIN_REQUIRE_PEERS=all lets none be missing)
	@requirements/bootstrap dev
	@HYBRIDJOIN_LAB=$(or $(HYBRIDJOIN_LAB),process) $(BIN)/python -m tests.peers interop $(PEERS)

lint: ## ruff, mypy --strict, the floors held by import-linter, and deptry: what is imported is declared
	@requirements/bootstrap dev
	$(BIN)/ruff check
	$(BIN)/ruff check --quiet --preview --select PLW1514 # a text file's encoding is never the locale's
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry harness

reference: ## write docs/reference again: the keys of every file format, from their schemas
	@requirements/bootstrap dev
	@for format in scenario site lab deviations profile case gateway record events; do \
	    $(BIN)/hybridjoin schema "$$format" --markdown > "docs/reference/$$format.md"; \
	done

lock: ## write the hashed locks again, newest versions first
	@requirements/bootstrap dev
	$(COMPILE) --upgrade pyproject.toml --extra all --output-file requirements/runtime.txt
	$(COMPILE) --upgrade pyproject.toml --extra all --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
	$(COMPILE) --upgrade requirements/build.in --output-file requirements/build.txt
	$(COMPILE) --upgrade requirements/fuzz.in --output-file requirements/fuzz.txt
	$(COMPILE) --upgrade requirements/uv.in --output-file requirements/uv.txt

clean: ## remove what the tools left in this checkout, the virtual environment too
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
