"""Run the gateway: ``python -m gateway --role all``."""

from gateway.app import run

if __name__ == "__main__":
    run()
