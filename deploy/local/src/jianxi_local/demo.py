"""`./jianxi demo`: the guide from registration to termination, played through the gateway on a stack of its own."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jianxi_local.caller import Refused
from jianxi_local.errors import LocalError
from jianxi_local.sample import create_first_administrator
from jianxi_local.scenes import SCENES, StoryDiffers, set_stage
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch

TOPICS = ("units", "postings", "applications", "seats", "cases")


def run(_: argparse.Namespace) -> int:
    """LocalError when a status or an event is another one than the guide says."""
    began = time.monotonic()
    directory = Path(tempfile.mkdtemp(prefix="jianxi-demo-"))
    print("正在启动一套独立的平台……", flush=True)
    try:
        with Stack(directory) as stack:
            play(stack)
            print(_verify_ledger(stack))
    except (StoryDiffers, Refused, AssertionError) as error:
        raise LocalError(f"演示与指南不符：{error}") from error
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(f"演示完毕，全部与指南一致（{time.monotonic() - began:.0f} 秒）。")
    return 0


def play(stack: Stack) -> None:
    """All scenes in their order."""
    with Watch(stack.servers.kafka_address, stack.namespace, TOPICS) as watch:
        print("\n序、单位认定与岗位发布")
        town = Town.of(stack)
        create_first_administrator(stack, "admin", town.password)
        stage = set_stage(stack, town, town.logged_in("admin"), watch, lambda line: print(line, flush=True))
        for title, scene in SCENES.items():
            print(f"\n{title}")
            scene(stage)
        told = [event for event in watch.seen if event.type == "application.status_changed.v1"]
        print(f"\n独立的Kafka客户端共看到{len(watch.seen)}个事件，其中{len(told)}个是投递状态变化。")


def _verify_ledger(stack: Stack) -> str:
    command = [sys.executable, "-m", "audit.ledger.verify"]
    done = subprocess.run(command, env=stack.environment("audit", 0), capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoryDiffers(done.stdout or done.stderr)
    return done.stdout.splitlines()[-1]
