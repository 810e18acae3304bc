"""Settings of accounts beside the common ones."""

from pathlib import Path

from common.settings import Settings
from pydantic import Field


class AccountsSettings(Settings):
    """`data_key_file` holds 32 random bytes in base64; whoever has it can read the sealed fields.

    The cost of a password hash: RFC 9106's choice for memory-constrained servers unless set.
    """

    token_private_key_file: Path
    data_key_file: Path
    sms_file: Path
    argon2_memory_kib: int = Field(65_536, ge=1_024)
    argon2_time_cost: int = Field(3, ge=1)
    argon2_parallelism: int = Field(4, ge=1)
