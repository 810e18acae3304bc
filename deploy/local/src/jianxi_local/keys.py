"""Secrets of a local stack."""

from common.keys import Keys

__all__ = ["Keys"]
