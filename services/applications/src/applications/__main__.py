"""Run the applications service: ``python -m applications --role api|worker|all``."""

from common.process import run

from applications.app import build

if __name__ == "__main__":
    run(build)
