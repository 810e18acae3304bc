"""Run the analytics service: ``python -m analytics --role api|worker|all``."""

from common.process import run

from analytics.app import build

if __name__ == "__main__":
    run(build)
