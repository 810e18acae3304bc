"""Run the accounts service: ``python -m accounts --role api|worker|all``."""

from common.process import run

from accounts.app import build

if __name__ == "__main__":
    run(build)
