"""What stands for the outside world is named in production."""

from typing import Any

import pytest
from accounts.settings import AccountsSettings
from pydantic import ValidationError


@pytest.fixture
def production(accounts_settings: AccountsSettings) -> dict[str, Any]:
    """Settings of a production process that names no stand-in."""
    return {**accounts_settings.model_dump(exclude={"clock_file", "sms", "real_name"}), "environment": "production"}


@pytest.mark.parametrize(
    ("named", "missing"),
    [
        ({}, "JIANXI_SMS and JIANXI_REAL_NAME"),
        ({"sms": "file"}, "needs JIANXI_REAL_NAME"),
        ({"real_name": "local"}, "needs JIANXI_SMS:"),
        ({"sms": "other", "real_name": "local"}, "Input should be 'file'"),
    ],
)
def test_production_starts_only_with_what_it_names_on_purpose(production: dict[str, Any], named: dict[str, Any], missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        AccountsSettings(**{**production, **named})


def test_named_stand_ins_do_in_production_and_a_local_stack_names_none(
    production: dict[str, Any], accounts_settings: AccountsSettings
) -> None:
    assert AccountsSettings(**{**production, "sms": "file", "real_name": "local"}).environment == "production"
    assert (accounts_settings.environment, accounts_settings.sms, accounts_settings.real_name) == ("local", None, None)
