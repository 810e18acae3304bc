"""Settings of accounts beside the common ones."""

from pathlib import Path
from typing import Literal, Self

from common.settings import Settings
from pydantic import Field, model_validator


class AccountsSettings(Settings):
    """`data_key_file` holds 32 random bytes in base64; whoever has it can read the sealed fields.

    `sms` and `real_name` name what stands for the outside world. A local stack has the built-in stand-ins unless told; production must
    name even these on purpose: `file` shows whoever reads it every code, `local` believes every number of sound form.

    Notices go by mail only where `mail_file` names the file that stands for a provider.

    The cost of a password hash: RFC 9106's choice for memory-constrained servers unless set.
    """

    token_private_key_file: Path
    data_key_file: Path
    sms: Literal["file"] | None = None
    sms_file: Path
    mail_file: Path | None = None
    real_name: Literal["local"] | None = None
    argon2_memory_kib: int = Field(65_536, ge=1_024)
    argon2_time_cost: int = Field(3, ge=1)
    argon2_parallelism: int = Field(4, ge=1)

    @model_validator(mode="after")
    def _outside_is_named_in_production(self) -> Self:
        unnamed = [f"JIANXI_{name.upper()}" for name in ("sms", "real_name") if getattr(self, name) is None]
        if self.environment == "production" and unnamed:
            raise ValueError(f"production needs {' and '.join(unnamed)}: nothing stands for the outside world unless it is named")
        return self
