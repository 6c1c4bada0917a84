# What there is to do, in one place. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# The flags of every build: a target imports only what Package.swift allows it (docs/adr/0001).
BUILD := swift build --explicit-target-dependency-import-check error
# All tests are swift-testing; without XCTest its empty "Executed 0 tests" does not end the output.
# So many cases at a time: all of them at once on two cores starve each other until they meet their guards against hangs.
TEST := swift test --skip-build --disable-xctest --experimental-maximum-parallelization-width 8
SOURCES := Sources Tests Package.swift

SEEDS ?= 1..1000
STEPS ?= 1000
ARGUMENTS ?=

.PHONY: help setup build lint test check demo sim bench torture docs format clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## install the Debian packages that are missing
	@scripts/setup

build: setup  ## build everything, tests included
	$(BUILD) --build-tests

lint: setup  ## check the format, change nothing
	swift format lint --strict --parallel --recursive $(SOURCES)

test: lint build  ## lint, build, run every test, on SQLite and on a PostgreSQL of its own
	@scripts/sdk-environments >/dev/null
	scripts/with-postgres $(TEST)

check:  ## what CI runs
	@.ci/run

demo: setup  ## the first minute: prompts become videos, failures become refunds (ARGUMENTS=--keep leaves it running)
	$(BUILD) --product rushes
	@.build/debug/rushes demo $(ARGUMENTS)

sim: setup  ## simulate many seeds (SEEDS=1..1000 STEPS=1000)
	$(BUILD) --product rushes-simulate
	@.build/debug/rushes-simulate --seeds $(SEEDS) --steps $(STEPS) $(ARGUMENTS)

bench: setup  ## measure against plain SQL on both databases (release build)
	$(BUILD) --configuration release --product rushes-bench
	@RUSHES_POSTGRES_DURABLE=1 scripts/with-postgres .build/release/rushes-bench $(ARGUMENTS)

torture: setup  ## many nodes, 100 kills, database restarts: every batch must still be exact (ARGUMENTS="--seed 7")
	$(BUILD) --product rushes
	@scripts/torture $(ARGUMENTS)

docs: setup  ## the documentation comments as web pages in .build/documentation
	@scripts/docs

format:  ## format every Swift file in place
	swift format --in-place --parallel --recursive $(SOURCES)

clean:  ## throw away what was built
	rm -rf .build
