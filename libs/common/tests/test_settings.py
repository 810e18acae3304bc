"""Settings from the environment."""

from pathlib import Path

import pytest
from common.settings import Settings, from_environment
from pydantic import ValidationError

NEEDED = {"JIANXI_MONGO": "mongodb://m", "JIANXI_KAFKA": "k:1", "JIANXI_PORT": "8001", "JIANXI_TOKEN_PUBLIC_KEY_FILE": "/keys/public.pem"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NAMESPACE", "ENVIRONMENT", "CLOCK_FILE", "HOST", "REQUEST_SECONDS", "LOG_LEVEL"):
        monkeypatch.delenv(f"JIANXI_{name}", raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_four_values_are_enough_and_mean_production(environment: pytest.MonkeyPatch) -> None:
    settings = from_environment(Settings)
    assert (settings.mongo, settings.kafka, settings.port, settings.token_public_key_file) == (
        "mongodb://m",
        "k:1",
        8001,
        Path("/keys/public.pem"),
    )
    assert (settings.environment, settings.host, settings.namespace, settings.request_seconds) == ("production", "127.0.0.1", "", 2.5)


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_a_missing_value_is_named(environment: pytest.MonkeyPatch, missing: str) -> None:
    environment.delenv(missing)
    with pytest.raises(ValidationError) as caught:
        from_environment(Settings)
    assert [str(error["loc"][0]) for error in caught.value.errors()] == [missing.removeprefix("JIANXI_").lower()]


def test_a_namespace_comes_before_every_database_topic_and_group(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("JIANXI_NAMESPACE", "demo_")
    settings = from_environment(Settings)
    assert (settings.database("audit"), settings.topic("units"), settings.group("audit.cases")) == (
        "demo_audit",
        "demo_units",
        "demo_audit.cases",
    )


def test_the_clock_cannot_be_moved_in_production(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("JIANXI_CLOCK_FILE", "/clock.json")
    with pytest.raises(ValidationError, match="refused in production"):
        from_environment(Settings)
    environment.setenv("JIANXI_ENVIRONMENT", "local")
    assert from_environment(Settings).clock_file == Path("/clock.json")


def test_settings_do_not_change(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        from_environment(Settings).port = 1
