"""What a rule refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from common.errors import Refusal


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block is refused with this code and a sentence in which every fact is filled in."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
    assert "{" not in caught.value.detail
