# Thin on purpose: samskaping/bootstrap makes the machine ready, then hands over to the real command.
# PORT and DATA_DIR are read from the environment or from here: make run PORT=8001
PYTHON ?= python3
BOOTSTRAP = @$(PYTHON) samskaping/bootstrap

.DEFAULT_GOAL = help
.PHONY: help run test test-fast lint bench proof backup restore messages lock

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1 | \2/p' Makefile | awk -F' [|] ' '{ printf "%-16s %s\n", $$1, $$2 }'

run: ## the portal on this machine; PORT=8000 DATA_DIR=var
	$(BOOTSTRAP) run $(ARGS)

test: ## all tests; ARGS="-k name" for some of them
	$(BOOTSTRAP) test $(ARGS)

test-fast: ## tests without browser, faults and the system's servers
	$(BOOTSTRAP) test-fast $(ARGS)

lint: ## style, types, templates, texts and locks
	$(BOOTSTRAP) lint $(ARGS)

bench: ## how fast and how big
	$(BOOTSTRAP) bench $(ARGS)

proof: ## the heavy suites at full numbers, to reports/*.json
	$(BOOTSTRAP) proof $(ARGS)

backup: ## everything in the database to one file; ARGS="folder --keep 14"
	$(BOOTSTRAP) backup $(ARGS)

restore: ## a backup back in its place; ARGS=file
	$(BOOTSTRAP) restore $(ARGS)

messages: ## gathers texts to translate
	$(BOOTSTRAP) messages $(ARGS)

lock: ## writes requirements/*.txt and package-lock.json again
	$(BOOTSTRAP) lock
