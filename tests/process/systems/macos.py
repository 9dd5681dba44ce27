"""Run by Python at its start, as ``sitecustomize``: takes away what macOS has not.

What is left is not macOS, but no part of Linux's own that could be relied on by mistake.
"""

import os
import resource
import select
import selectors
import signal
import socket
import sys
import sysconfig
import time
from types import ModuleType
from typing import Any

NOT_THERE: dict[Any, str] = {
    os: "O_TMPFILE O_PATH O_DIRECT O_NOATIME O_RSYNC O_LARGEFILE fdatasync pipe2 posix_fallocate "
    "posix_fadvise sched_getaffinity sched_setaffinity sched_getscheduler sched_setscheduler getrandom "
    "memfd_create eventfd pidfd_open splice copy_file_range setresuid getresuid getxattr setxattr "
    "timerfd_create setns unshare process_cpu_count",
    select: "epoll EPOLLIN EPOLLOUT EPOLLERR EPOLLHUP EPOLLRDHUP EPOLLPRI POLLRDHUP",
    selectors: "EpollSelector",
    signal: "SIGRTMIN SIGRTMAX SIGPWR SIGSTKFLT SIGPOLL SIGCLD sigtimedwait sigwaitinfo",
    socket: "MSG_NOSIGNAL SO_REUSEPORT SOCK_CLOEXEC SOCK_NONBLOCK SO_PEERCRED SO_BINDTODEVICE "
    "TCP_QUICKACK TCP_KEEPIDLE TCP_DEFER_ACCEPT TCP_USER_TIMEOUT AF_NETLINK AF_PACKET IP_FREEBIND",
    time: "CLOCK_BOOTTIME CLOCK_TAI",
    resource: "prlimit RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_SIGPENDING RLIMIT_OFILE",
}
OPEN_FILES = (256, resource.RLIM_INFINITY)


def _take_away() -> None:
    for module, names in NOT_THERE.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    selectors.DefaultSelector = selectors.PollSelector  # type: ignore[misc,assignment]
    sysconfig.get_config_vars()  # read now, since the file is named after the system
    sys.platform = "darwin"
    system_proxies = ModuleType("_scproxy")  # which urllib asks there
    vars(system_proxies).update(_get_proxy_settings=dict, _get_proxies=dict)
    sys.modules["_scproxy"] = system_proxies


def _bound_files() -> None:
    """So few, and raising to the hard limit, which is none, is refused."""
    limit = resource.getrlimit
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES[0], limit(resource.RLIMIT_NOFILE)[1]))

    def getrlimit(which: int) -> tuple[int, int]:
        return OPEN_FILES if which == resource.RLIMIT_NOFILE else limit(which)

    def setrlimit(_which: int, _limits: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    resource.getrlimit, resource.setrlimit = getrlimit, setrlimit


class _Poll:
    """Says of every terminal what macOS says of /dev/tty."""

    def __init__(self) -> None:
        self._poll = _poll()
        self._terminals: set[int] = set()

    def register(self, file: Any, events: int = select.POLLIN) -> None:
        descriptor = file if isinstance(file, int) else file.fileno()
        if os.isatty(descriptor):
            self._terminals.add(descriptor)
        else:
            self._poll.register(descriptor, events)

    def poll(self, timeout: float | None = None) -> list[tuple[int, int]]:
        invalid = [(it, select.POLLNVAL) for it in self._terminals]
        return invalid or self._poll.poll(timeout)


def _hide_proc(event: str, args: tuple[Any, ...]) -> None:
    if event in {"open", "os.listdir", "os.scandir"} and str(args[0]).startswith("/proc"):
        raise FileNotFoundError(2, "No such file or directory", args[0])


_poll = select.poll
_take_away()
_bound_files()
select.poll = _Poll  # type: ignore[assignment,misc]
sys.addaudithook(_hide_proc)
