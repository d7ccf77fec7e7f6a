"""Children end with their parent; a supervisor revives and gives up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from trongdan.platform import supervisor
from trongdan.platform.process import alive, command_of
from trongdan.platform.supervisor import Child, ChildFailed, Stopping


def until_gone(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_a_process_that_ended_is_not_alive_even_before_it_is_collected() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    assert until_gone(process.pid)
    process.wait()
    assert command_of(process.pid) == ""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word to children is Linux's")
def test_a_child_ends_when_its_parent_is_killed() -> None:
    code = (
        "import subprocess, sys, time; from trongdan.platform.process import die_with_parent\n"
        "child = subprocess.Popen(['sleep', '60'], preexec_fn=die_with_parent())\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.communicate()
    assert until_gone(child)


def test_a_child_that_ended_is_started_again() -> None:
    child = Child("ngủ", ["sleep", "60"], {})
    child.start()
    assert child.process is not None
    first = child.process.pid
    assert child.revive() is False
    os.kill(first, signal.SIGKILL)
    child.process.wait()
    assert child.revive() is True
    assert child.process.pid != first
    child.stop()
    assert not alive(child.process.pid)


def test_a_child_that_ends_at_once_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor.time, "sleep", lambda _: None)
    child = Child("hỏng", [sys.executable, "-c", "raise SystemExit(7)"], {})
    child.start()
    with pytest.raises(ChildFailed) as failed:
        for _ in range(10):
            assert child.process is not None
            child.process.wait()
            child.revive()
    assert (failed.value.name, failed.value.code) == ("hỏng", 7)


def test_a_child_that_ignores_the_request_is_ended_with_its_own_children() -> None:
    code = (
        "import signal, subprocess, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    )
    child = Child("lì", [sys.executable, "-c", code], {})
    read, write = os.pipe()
    saved = os.dup(1)
    os.dup2(write, 1)
    try:
        child.start()
        grandchild = int(os.read(read, 20))
    finally:
        os.dup2(saved, 1)
        for handle in (read, write, saved):
            os.close(handle)
    child.stop(seconds=0.3)
    assert until_gone(grandchild)


def test_waiting_ends_when_a_signal_asks_for_it() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGHUP)
    stopping = Stopping()
    try:
        stopping.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        began = time.monotonic()
        stopping.wait(30)
        assert stopping.asked
        assert time.monotonic() - began < 5
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), before, strict=True):
            signal.signal(number, handler)
