"""`./jianxi up`: start the platform, say where it is, keep it running until told to stop."""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from jianxi_local import sample, state
from jianxi_local.errors import LocalError
from jianxi_local.files import read_json, write_json
from jianxi_local.stack import Stack, parse_scale

LEAVE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_SECONDS = 0.5
RETRY_SECONDS = 5.0
_SAMPLE = "首次启动时装入的示例数据（默认 small；full 覆盖各县、各种状态，约需几分钟）"


class Told(BaseException):
    """Someone wants us to leave."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8080, help="网关端口（默认 8080）")
    parser.add_argument("--mongo-port", type=int, help="MongoDB 端口（默认任选空闲端口）")
    parser.add_argument("--kafka-port", type=int, help="Kafka 端口（默认任选空闲端口）")
    parser.add_argument("--scale", action="append", default=[], metavar="服务.角色=个数", help="例如 applications.worker=3，可重复")
    parser.add_argument("--sample", choices=("small", "full", "none"), default="small", help=_SAMPLE)
    parser.add_argument("--detach", action="store_true", help="就绪后留在后台运行")


def run(arguments: argparse.Namespace) -> int:
    scale = dict(parse_scale(text) for text in arguments.scale)
    with state.owned() as ours:
        if not ours:
            url = (read_json(state.directory() / state.RUNNING) or {}).get("url")
            print(f"平台已在运行：{url or '正在启动'}（停止：./jianxi down）")
            return 0
        if not arguments.detach:
            ports = {"port": arguments.port, "mongo_port": arguments.mongo_port, "kafka_port": arguments.kafka_port}
            write_json(state.directory() / state.SCALE, scale)
            return _stay(Stack(state.directory(), scale=scale, **ports), arguments.sample)
    return _in_background()


def _stay(stack: Stack, wanted: str) -> int:
    running = state.directory() / state.RUNNING
    began = time.monotonic()

    def say(step: str) -> None:
        print(f"[{time.monotonic() - began:4.1f} 秒] {step}", flush=True)

    for number in LEAVE:
        signal.signal(number, _told)
    try:
        write_json(running, {"pid": os.getpid(), "url": ""})
        stack.start(say)
        if wanted != "none" and sample.load(stack, wanted):
            say("示例数据已装入")
        servers = {
            "mongo": stack.servers.mongo and stack.servers.mongo_address,
            "kafka": stack.servers.kafka and stack.servers.kafka_address,
        }
        write_json(running, {"pid": os.getpid(), "url": stack.gateway_url, **servers})
        _announce(stack)
        _keep(stack)
    except Told:
        print("正在停止……", flush=True)
    finally:
        _told_enough()
        stack.stop()
        running.unlink(missing_ok=True)
    print(f"已停止，数据保留在 {stack.directory}", flush=True)
    return 0


def _announce(stack: Stack) -> None:
    print(f"平台已就绪：{stack.gateway_url}（接口文档 {stack.gateway_url}/api/docs）")
    accounts = read_json(stack.directory / state.ACCOUNTS) or []
    for account in accounts:
        print(f"  {account['login']:<10} {account['role']}")
    if accounts:
        print(f"以上账号的密码都是 {accounts[0]['password']}（也在 {stack.directory / state.ACCOUNTS}）")
    print(f"短信与验证码：{stack.sms_file}，邮件：{stack.mail_file}")
    print("停止：Ctrl-C 或 ./jianxi down", flush=True)


def _keep(stack: Stack) -> None:
    """The supervisor keeps the services; here the embedded servers are kept, and what `./jianxi scale` wants is done, until Told."""
    done = read_json(stack.directory / state.SCALE)
    while True:
        time.sleep(TICK_SECONDS)
        try:
            stack.servers.revive()
            wanted = read_json(stack.directory / state.SCALE)
            if wanted != done:
                done = wanted
                stack.scale(wanted)
        except LocalError as error:
            print(error, flush=True)
            time.sleep(RETRY_SECONDS)


def _told(*_: object) -> None:
    _told_enough()
    raise Told


def _told_enough() -> None:
    """Once is enough: stopping is not interrupted."""
    for number in LEAVE:
        signal.signal(number, signal.SIG_IGN)


def _in_background() -> int:
    """The same call without --detach in a session of its own; its progress is shown here until it is ready or has failed."""
    log = state.directory() / "up.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "jianxi_local", *(argument for argument in sys.argv[1:] if argument != "--detach")]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        return _follow(child, log)
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()


def _follow(child: subprocess.Popen[bytes], log: Path) -> int:
    with log.open(encoding="utf-8") as progress:
        while True:
            code = child.poll()
            present = read_json(state.directory() / state.RUNNING)
            print(progress.read(), end="", flush=True)
            if code is not None or (present and present["pid"] == child.pid and present["url"]):
                print(progress.read(), end="", flush=True)
                return code or 0
            time.sleep(0.1)
