"""What only the kernel can do to a network or a disk, where it lets us: a network that drops and rejects, disks of 256 MB.

Each stands in a namespace of one thread of this process: nothing of it is left once the process has ended, however it ends.
"""

import ctypes
import errno
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from typing import TypeVar

MOUNTS, NETWORK = 0x0002_0000, 0x4000_0000
"""CLONE_NEWNS and CLONE_NEWNET of <linux/sched.h>."""
DROP, REJECT = "blackhole", "prohibit"
"""What `ip rule` calls them: what comes vanishes, or is answered by ICMP (administratively prohibited)."""
MEGABYTES = 256
FIRST_ADDRESS = IPv4Address("198.18.0.0")
"""Of 2¹⁷ that are kept for tests of networks (RFC 2544); each process takes four of them, by its id."""
ROUTER = {"ip_forward": "1", "icmp_ratelimit": "0"}
"""Only a router rejects; and it is to reject every packet."""
_libc = ctypes.CDLL(None, use_errno=True)
T = TypeVar("T")


class Apart:
    """One thread in a namespace of its own: what it runs and opens belongs there. OSError where the kernel refuses."""

    def __init__(self, kind: int) -> None:
        self._thread = ThreadPoolExecutor(1)
        self.id = self.do(threading.get_native_id)
        if error := self.do(lambda: _libc.unshare(kind) and ctypes.get_errno()):
            self.close()
            raise OSError(error, f"unshare: {os.strerror(error)}")

    def do(self, deed: Callable[[], T]) -> T:
        return self._thread.submit(deed).result()

    def run(self, *lines: str) -> None:
        self.do(lambda: run(*lines))

    def close(self) -> None:
        self._thread.shutdown()


class Network:
    """A network namespace that this machine reaches at `address`, over a cable (veth) of its own. OSError when that cannot be."""

    def __init__(self) -> None:
        ours = FIRST_ADDRESS + os.getpid() % 2**15 * 4 + 1
        self.address = str(ours + 1)
        self._apart = Apart(NETWORK)
        try:
            self._lay_cable(f"jianxi{os.getpid()}", str(ours))
            self._prove()
        except BaseException:
            self.close()
            raise

    def listener(self, port: int = 0) -> socket.socket:
        """A socket that listens there. Who accepts from it may be here."""
        return self._apart.do(lambda: socket.create_server((self.address, port)))

    @contextmanager
    def cut(self, port: int, way: str) -> Iterator[None]:
        """DROP or REJECT what goes to a port there, and what comes from it."""
        rules = [f"priority 1 ipproto tcp {end} {port} {way}" for end in ("dport", "sport")]
        self._apart.run(*(f"ip rule add {rule}" for rule in rules))
        try:
            yield
        finally:
            self._apart.run(*(f"ip rule del {rule}" for rule in rules))

    def close(self) -> None:
        self._apart.close()

    def _lay_cable(self, name: str, ours: str) -> None:
        self._apart.run(
            f"ip link add inside type veth peer name {name} netns {os.getpid()}",
            f"ip address add {self.address}/30 dev inside",
            "ip link set inside up",
            "ip rule add priority 2 lookup local",
            "ip rule del priority 0",
        )
        run(f"ip address add {ours}/30 dev {name}", f"ip link set {name} up")
        for setting, value in ROUTER.items():
            self._apart.do(partial((Path("/proc/sys/net/ipv4") / setting).write_text, value))

    def _prove(self) -> None:
        """It is reached, drops and rejects."""
        with self.listener() as door:
            port = door.getsockname()[1]
            heard = [self._knock(port, 5)]
            for way, seconds in ((DROP, 0.5), (REJECT, 5)):
                with self.cut(port, way):
                    heard.append(self._knock(port, seconds))
        if heard != [0, errno.EAGAIN, errno.EHOSTUNREACH]:
            raise OSError(f"connections, then dropped, then rejected ones ended with {heard}")

    def _knock(self, port: int, seconds: float) -> int:
        """0, or the number of the error; EAGAIN when nothing is heard."""
        with socket.socket() as client:
            client.settimeout(seconds)
            return client.connect_ex((self.address, port))


class Disks:
    """`directory`, in which each of these folders is a disk (tmpfs) of 256 MB. OSError when that cannot be.

    They are mounted for one thread alone; the directory is a path through it, open to every process of ours.
    """

    def __init__(self, *folders: str) -> None:
        self._apart = Apart(MOUNTS)
        place = Path(tempfile.gettempdir()) / f"jianxi-{os.getpid()}"
        self.directory = Path(f"/proc/{os.getpid()}/task/{self._apart.id}/root{place}")
        try:
            self._apart.run("mount --make-rprivate /", f"mount -t tmpfs jianxi {place.parent}")
            for folder in folders:
                (self.directory / folder).mkdir(parents=True)
                self._apart.run(f"mount -t tmpfs -o size={MEGABYTES}m jianxi {place / folder}")
                self._prove(self.directory / folder)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._apart.close()

    @staticmethod
    def _prove(disk: Path) -> None:
        with full(disk):
            pass
        found = os.statvfs(disk)
        if found.f_blocks * found.f_frsize != MEGABYTES << 20:
            raise OSError(f"a disk of {MEGABYTES} MB has {found.f_blocks} blocks of {found.f_frsize} bytes")


Place = TypeVar("Place", Network, Disks)


@contextmanager
def granted(make: Callable[[], Place], name: str, tell: Callable[[str], None]) -> Iterator[Place | None]:
    """What `make` makes, until the end; None where the kernel refuses it, which is told."""
    try:
        place = make()
    except OSError as error:
        tell(f"no {name} of our own: {error}")
        yield None
    else:
        with closing(place):
            yield place


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """No byte more fits on it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    try:
        yield
    finally:
        filler.unlink()


def run(*lines: str) -> None:
    """OSError when one of these commands is missing or fails."""
    for line in lines:
        done = subprocess.run(line.split(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"{line}: {done.stderr.strip()}")
