# Two commands: `make run` and `make test`. Bare `make` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help install run test check messages shots faults proofs bench flood clean

# The first Python that is new enough; PYTHON= names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && exit; \
	done; echo python3)
JOBS ?= 3
ARGS ?=
# Where it is forbidden to keep compiled files, each of the forty processes of a test run compiles everything anew.
export PYTHONDONTWRITEBYTECODE :=
WITH_SERVERS := .venv/bin/python -m config.quickstart with-servers

# Settings like a real site's, for the checks that read them; nothing connects to these servers.
PRODUCTION = env -u DEVELOPMENT -u DEBUG SITE_URL=https://letters.example.org \
	SECRET_KEY="$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	DATABASE_URL=postgres://nobody@localhost/nothing REDIS_URL=redis://localhost:1/0 \
	MAIL_FROM='Undersigned <post@letters.example.org>' MAIL_FROM_CODES='Codes <codes@codes.example.net>'

help: ## List what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 \2/p' Makefile | while read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

install: ## Bring .venv up to date with the requirement files
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { echo 'There is no $(PYTHON) here: install Python 3.11 or newer, or name one with PYTHON=.' >&2; exit 1; }
	@'$(PYTHON)' config/quickstart/install.py

run: install ## Start everything on this machine: PORT=8000, VAR_DIR=var
	@exec .venv/bin/python -m config.quickstart run

test: install ## Run the tests on real servers: ARGS="tests/letters -k code", JOBS=3
	@CHROMIUM="$$(.venv/bin/python -m config.quickstart.browser)" && export CHROMIUM && \
	exec $(WITH_SERVERS) .venv/bin/python -m pytest -n $(JOBS) $(ARGS)

messages: install ## Bring the catalogues of languages in line with the sources
	@.venv/bin/python -m config.messages

shots: install ## Pictures of every page into shots/: light, dark, right to left, on paper; ARGS="letter sign"
	@CHROMIUM="$$(.venv/bin/python -m config.quickstart.browser)" && export CHROMIUM && \
	exec .venv/bin/python -m tests.browser.shots $(ARGS)

outside: install ## What MDN's Observatory and Lighthouse say, fetched with npm: ARGS="letter sign"
	@CHROMIUM="$$(.venv/bin/python -m config.quickstart.browser)" && export CHROMIUM && \
	exec .venv/bin/python -m tests.outside $(ARGS)

faults: install ## Kill workers, Valkey and PostgreSQL under 3,000 mails: five minutes; ARGS=small, rolling, or web (workers, under 1,000 who sign)
	@exec .venv/bin/python -m tests.faults $(ARGS)

check: install ## Format, lint, types, import contracts, migrations, deployment settings
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	git ls-files -z --cached --others --exclude-standard '*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2 --check
	$(PRODUCTION) .venv/bin/python -m mypy .
	$(PRODUCTION) .venv/bin/lint-imports
	$(WITH_SERVERS) .venv/bin/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) .venv/bin/python manage.py check --deploy --fail-level WARNING

proofs: install ## What the product promises about signers, shown at full size: about an hour
	PROOF_SIGNERS=500 PROOF_HISTORIES=10000 PROOF_PAGES_EVERY=50 PROOF_REQUESTS=2000 ABUSE_REQUESTS=10000 ABUSE_NETWORKS=1000 CANARIES=1000 \
		$(WITH_SERVERS) .venv/bin/python -m pytest -q -s -n 0 tests/proofs tests/letters/test_abuse.py \
		tests/journeys/test_ana_signs_confidentially.py $(ARGS)

bench: install ## Measure pages and signing against the floors of the same run: MANY=100000
	$(WITH_SERVERS) .venv/bin/python -m bench

flood: install ## How long a code takes while 100,000 news mails wait: MAILS=100000 CODES=200
	$(WITH_SERVERS) .venv/bin/python -m bench.flood

clean: ## Remove what can be made again; data in var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
