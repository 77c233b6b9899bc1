"""Is a process alive on a system that only Windows' calls can tell of? And a path as that system's shell reads it."""

import ctypes
import os
from pathlib import PureWindowsPath

import pytest

from pellucid.core import process


class Kernel:
    """What kernel32 says of a process that runs, of one that ended and whose parent still holds it, and of no other."""

    def OpenProcess(self, _rights, _inherit, pid):  # noqa: N802
        return {1: 11, 2: 22}.get(pid, 0)

    def GetExitCodeProcess(self, handle, code):  # noqa: N802
        code._obj.value = {11: 259, 22: 0}[handle]
        return 1

    def CloseHandle(self, handle):  # noqa: N802
        return 1


@pytest.mark.parametrize(("pid", "error", "lives"), [(1, 0, True), (2, 0, False), (3, 5, True), (4, 87, False)])
def test_windows_is_asked_how_a_process_ended(monkeypatch, pid, error, lives):
    monkeypatch.setattr(ctypes, "WinDLL", lambda name, use_last_error: Kernel(), raising=False)
    monkeypatch.setattr(ctypes, "get_last_error", lambda: error, raising=False)
    assert process._alive_on_windows(pid) is lives


@pytest.mark.parametrize(("system", "said"), [("nt", r'"runs\my spam\a"'), ("posix", r"'runs\my spam\a'")])
def test_a_path_is_one_word_for_the_shell_of_the_system(monkeypatch, system, said):
    monkeypatch.setattr(process, "os", type("System", (), {"name": system, "getpid": os.getpid}))
    assert process.quoted(PureWindowsPath(r"runs\my spam\a")) == said
