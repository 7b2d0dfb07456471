# What a developer runs; `just` alone tests and lints.

default: test lint

# set up a virtual environment with everything
setup:
    python3 -m venv .venv
    .venv/bin/pip install -e '.[dev]'

test *args:
    .venv/bin/pytest {{ args }}

lint:
    .venv/bin/ruff check
    .venv/bin/ruff format --check
    .venv/bin/mypy

# collect messages into the Russian catalogue and compile it
locale:
    .venv/bin/python .ci/messages.py

# write the list of all values of templates into docs/templates.md
docs:
    .venv/bin/python .ci/values.py
