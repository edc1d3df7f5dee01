# Thin names over ./meja: one verb per habit. `make help` prints them.
.DEFAULT_GOAL := help
.PHONY: help setup fmt lint types imports unit architecture contract service system check test \
        up down status logs doctor demo lock

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make the workbench (.venv) from the lock
	@./meja --help > /dev/null

fmt: ## Format the code
	./meja run ruff format .

lint: ## Check the code with ruff
	./meja run ruff check .
	./meja run ruff format --check .

types: ## Check the types with mypy
	./meja run mypy

imports: ## Check the walls between the rooms
	./meja run lint-imports

unit: ## Test the rules: no broker, no database server
	./meja run pytest tests/unit

architecture: ## Test the shape of the house
	./meja run pytest tests/architecture

contract: ## Test what the services say to each other
	./meja run pytest tests/contract

service: ## Test each service with its own small database
	./meja test --tests-only tests/service

system: ## Test the whole house on a real broker
	./meja test --tests-only tests/system

check: lint types imports unit architecture contract service ## All but the system tests

test: ## Every check and every test, as continuous integration runs them
	./meja test

up: ## Start the house in the background
	./meja up --detach

down: ## Stop the house
	./meja down

status: ## Show what runs
	./meja status

logs: ## Follow all logs
	./meja logs --follow

doctor: ## Show what this machine has and lacks
	./meja doctor

demo: ## Show a whole desk at work
	./meja demo

lock: ## Write the locks anew
	./meja lock
