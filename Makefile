# gort: Go's memory manager and scheduler, written by you, in C.
#
# Three ideas hold this file together:
#   1. A target is one line: the programs are grader/*.sh, how to build is grader/build.mk.
#   2. A flavour of the build (rel check asan tsan cov) has its own folder under build/.
#   3. Nothing here lists modules, rooms or tests: they are found by folder.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:

V ?=
MOD ?=
EX ?=
ID ?=
SEED ?=
N ?=
FILE ?=
ARGS ?=
export V MOD EX ID SEED N FILE ARGS

include grader/build.mk

.DEFAULT_GOAL := help

##@ For students

.PHONY: check
check: ## check MOD=36 [EX=2] [ID=36.2.x] [SEED=n] [V=1]: grade your rooms
	@bash grader/check.sh

.PHONY: example examples
example: ## example N=3 [MOD=36]: build and run one example program
	@bash grader/example.sh

examples: ## examples [MOD=36]: the list of examples, as a menu
	@bash grader/example.sh --menu

.PHONY: escape
escape: ## escape FILE=x.go [ARGS=--explain|--dot|--html]: what the compiler moves to the heap
	@bash grader/escape.sh run

.PHONY: doctor
doctor: ## doctor: what this machine has, and what the kit would miss
	@bash grader/doctor.sh

##@ For people who work on the kit

.PHONY: test
test: ## test: everything that must hold before a change lands
	@bash grader/test.sh

.PHONY: unit
unit: ## unit: the runtime's own tests, in every flavour and under memcheck
	@bash grader/unit.sh

.PHONY: selfcheck
selfcheck: ## selfcheck [MOD=36]: the kit's own exam: solutions, skeletons, mutants, texts
	@bash grader/selfcheck.sh

.PHONY: lint
lint: ## lint: floors, headers, style, texts, scripts
	@bash grader/lint.sh

.PHONY: doctest
doctest: ## doctest: run the code of the lessons
	@bash grader/doctest.sh

.PHONY: escape-oracles escape-go-tests escape-random escape-fuzz
escape-oracles: ## escape-oracles: every recorded verdict of the compiler
	@bash grader/escape.sh oracles

escape-go-tests: ## escape-go-tests: the verdicts on Go's own tests, where its source is installed
	@bash grader/escape.sh go-tests

escape-random: ## escape-random [N=500] [SEED=n]: random functions beside the real compiler
	@bash grader/escape.sh random

escape-fuzz: ## escape-fuzz [N=2000] [SEED=n]: damaged sources, under ASan and UBSan
	@bash grader/escape.sh fuzz

.PHONY: coverage
coverage: ## coverage: what the hidden suites reach, as HTML and as figures
	@bash grader/coverage.sh

.PHONY: bench-runtime
bench-runtime: ## bench-runtime: the runtime beside malloc and real Go, as ratios
	@bash grader/bench-runtime.sh

.PHONY: clean
clean: ## clean: remove everything that was built
	@rm -rf build

.PHONY: help
help: ## help: this list
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { i = index($$2, ": "); \
	        printf "  make %s\n      %s\n", substr($$2, 1, i - 1), substr($$2, i + 2) }' Makefile
