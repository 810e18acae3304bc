"""Run the postings service: ``python -m postings --role api|worker|all``."""

from common.process import run

from postings.app import build

if __name__ == "__main__":
    run(build)
