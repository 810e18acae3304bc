"""Run the audit service: ``python -m audit --role api|worker|all``."""

from common.process import run

from audit.app import build

if __name__ == "__main__":
    run(build)
