"""Access tokens: signature, issuer and expiry, also on a hit of the cache."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from common import tokens
from common.contracts.words import Permission, Role
from common.decision import Actor
from common.errors import Refusal
from common.keys import Keys
from common.testing.tokens import sign
from common.tokens import ISSUER, TokenVerifier, bearer

ACTOR = Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1", permissions=frozenset({Permission.MANAGE_USERS}))


@pytest.fixture
def verifier(keys: Keys) -> TokenVerifier:
    return TokenVerifier(keys.token_public)


def refused(verifier: TokenVerifier, token: str) -> bool:
    with pytest.raises(Refusal, match="unauthenticated"):
        verifier.actor(token)
    return True


def signed(keys: Keys, *, without: str = "", **changes: Any) -> str:
    claims = {"iss": ISSUER, "sub": ACTOR.id, "exp": time.time() + 600, "rights": 1, "actor": ACTOR.model_dump(mode="json"), **changes}
    return jwt.encode({k: v for k, v in claims.items() if k != without}, keys.token_private.read_bytes(), algorithm="EdDSA")


def test_a_token_gives_its_actor_again_and_again(verifier: TokenVerifier, keys: Keys) -> None:
    token = sign(keys.token_private, ACTOR)
    assert verifier.actor(token) == verifier.actor(token) == ACTOR


def test_the_expiry_is_checked_on_a_hit_of_the_cache(verifier: TokenVerifier, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign(keys.token_private, ACTOR, seconds=60)
    verifier.actor(token)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert refused(verifier, token)


def test_an_expired_token_is_refused(verifier: TokenVerifier, keys: Keys) -> None:
    assert refused(verifier, sign(keys.token_private, ACTOR, seconds=-1))


def test_a_token_of_another_key_is_refused(verifier: TokenVerifier, tmp_path: Path) -> None:
    other = Keys(tmp_path)
    other.ensure()
    assert refused(verifier, sign(other.token_private, ACTOR))


def test_a_changed_actor_is_refused_although_the_original_is_known(verifier: TokenVerifier, keys: Keys) -> None:
    head, body, signature = sign(keys.token_private, ACTOR).split(".")
    verifier.actor(f"{head}.{body}.{signature}")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    claims["actor"]["role"] = "system_admin"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert refused(verifier, f"{head}.{forged}.{signature}")


def test_other_algorithms_are_refused(verifier: TokenVerifier, keys: Keys) -> None:
    claims = {"iss": ISSUER, "sub": ACTOR.id, "exp": time.time() + 600, "actor": ACTOR.model_dump(mode="json")}
    assert refused(verifier, jwt.encode(claims, "", algorithm="none"))
    assert refused(verifier, jwt.encode(claims, "a shared secret of enough bytes, 32 or more", algorithm="HS256"))


@pytest.mark.parametrize("missing", ["iss", "sub", "exp", "actor", "rights"])
def test_a_token_without_a_claim_is_refused(verifier: TokenVerifier, keys: Keys, missing: str) -> None:
    assert refused(verifier, signed(keys, without=missing))


@pytest.mark.parametrize(
    "changes",
    [{"iss": "other"}, {"actor": {"id": "x", "role": "king"}}, {"actor": "x"}, {"exp": "soon"}, {"rights": "all"}, {"rights": None}],
)
def test_a_token_with_a_wrong_claim_is_refused(verifier: TokenVerifier, keys: Keys, changes: dict[str, Any]) -> None:
    assert refused(verifier, signed(keys, **changes))


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "é.é.é", "." * 50])
def test_any_other_text_is_refused(verifier: TokenVerifier, token: str) -> None:
    assert refused(verifier, token)


def test_the_cache_stays_small_and_forgets_only_the_saving(verifier: TokenVerifier, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_CACHED", 2)
    given = [sign(keys.token_private, ACTOR.but(id=f"usr_{n}")) for n in range(4)]
    assert [verifier.actor(token).id for token in given] == [f"usr_{n}" for n in range(4)]
    assert len(verifier._seen) == 2
    assert verifier.actor(given[0]).id == "usr_0"


def test_a_token_in_use_stays_in_the_cache_whatever_comes_after_it(
    verifier: TokenVerifier, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_CACHED", 2)
    used, *others = (sign(keys.token_private, ACTOR.but(id=f"usr_{n}")) for n in range(4))
    for other in others:
        verifier.actor(used)
        verifier.actor(other)
    assert list(verifier._seen) == [used, others[-1]]


def test_a_bearer_header_gives_its_token_and_nothing_else_does() -> None:
    assert bearer("Bearer abc") == bearer("bearer abc") == "abc"
    for header in (None, "", "Bearer", "Bearer ", "Basic abc", "abc"):
        with pytest.raises(Refusal, match="unauthenticated"):
            bearer(header)
