"""Ways to pass without solving: none of them does. Where code tries to learn the answer, what it could learn is told
by its own printing, and the answer is not in it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import pellucid
from homework_help import DOUBLE, SECRET, run
from pellucid.learn.homework import Quantity, process
from pellucid.learn.homework import check as checker
from pellucid.learn.homework.process import Limits

PACKAGE = Path(pellucid.__file__).parent
posix = pytest.mark.skipif(os.name == "nt", reason="a POSIX attack")
W = {"en": "words", "zh-TW": "文字"}
STUB = "def twice(x):\n    return x\n"

FORGED = """
import json, os, sys
ok = json.dumps({"call": "*", "value": ["is", True], "passed": True, "status": "passed"})
for fd in range(1, 20):
    try: os.write(fd, (ok + "\\n").encode())
    except OSError: pass
"""

CHEATS = {
    "prints that it passed": 'print("passed: 5 checks")\nimport sys\nsys.stderr.write("passed")\n',
    "forges replies on every descriptor": FORGED,
    "ends Python happily": "import os\nos._exit(0)\n",
    "raises SystemExit": "raise SystemExit(0)\n",
    "raises a BaseException": "class Done(BaseException): pass\nraise Done\n",
    "replaces numpy's comparison": "import numpy as np\nnp.allclose = np.isclose = lambda *a, **k: np.array(True)\n",
    "replaces json": 'import json\njson.dumps = lambda *a, **k: "{}"\n',
    "replaces the worker's encoder": "import sys\nsys.modules['_homework_wire'].encode = lambda v, d=0: ['is', True]\n",
    "replaces the worker itself": "import __main__\n__main__._coded = lambda *a: ['is', True]\n__main__._do = None\n",
    "patches builtins": "import builtins\nbuiltins.isinstance = lambda *a: True\nbuiltins.len = lambda x: 1\n",
    "closes the channel": "import os\nos.closerange(0, 100)\n",
    "traces the worker": "import sys\nsys.settrace(lambda *a: None)\nsys.setrecursionlimit(10)\n",
    "leaves a thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n",
    "an atexit handler": "import atexit, os\natexit.register(lambda: os._exit(0))\n",
    "turns off signals": "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n",
}


@pytest.mark.parametrize("name", CHEATS)
def test_cheating_without_an_answer_never_passes(name):
    result = run(CHEATS[name] + STUB)
    assert result.status in ("failed", "unread") and result.points == 0, result


INSIDE = {
    "ends Python in the call": "import os; os._exit(0)",
    "exits in the call": "raise SystemExit(0)",
    "kills itself": "import os, signal; os.kill(os.getpid(), 9)",
    "returns what equals everything": "return type('All', (), {'__eq__': lambda a, b: True})()",
    "an array that equals everything": (
        "import numpy as np\n    class All(np.ndarray):\n        def __eq__(self, other): return np.array(True)\n"
        "    return x.view(All)"
    ),
    "an error that says it passed": "raise type('passed', (BaseException,), {'__str__': lambda e: 'passed'})",
    "a text that raises": "raise type('E', (Exception,), {'__str__': lambda e: 1 / 0})",
    "a repr that ends Python": "return type('R', (), {'__repr__': lambda e: __import__('os')._exit(0)})()",
}


@pytest.mark.parametrize("name", INSIDE)
def test_cheating_inside_the_call_never_passes(name):
    result = run(f"def twice(x):\n    {INSIDE[name]}\n")
    assert result.status == "failed" and result.points == 0, result


def test_a_right_answer_forged_by_hand_needs_the_right_values():
    """The channel is no secret: whoever writes to it must know the values, as whoever returns them."""
    result = run(FORGED + STUB)
    assert result.status == "failed" and result.expected == "2.125"


HOSTILE = [
    None, 3, [], ["array"], ["array", "O", [1], "AAAA"], ["array", "<f8", [3, 10**30], ""], ["array", "i4,)", [1], ""],
    ["array", "<f8", [-1], ""], ["float", "x"], ["int", "0x" + "f" * 10**5], ["dict", [[["list", []], ["is", None]]]],
    ["unknown", {}, []], ["text", 3], ["tuple", 7], ["complex", 1], [[]], {"array": 1},
]  # fmt: skip
FAILURES = [
    {},
    {"type": 3, "line": "x"},
    {"type": {}, "message": [], "line": -1},
    {"type": "E", "line": 10**4000},
    3,
    "x",
]

TAKEN = """
import json, os, sys
frame = sys._getframe()
while "channel" not in frame.f_locals:
    frame = frame.f_back
def say(message):
    os.write(frame.f_locals["channel"], json.dumps(message).encode() + b"\\n")
job = frame.f_locals["request"]["jobs"][0]
"""


@pytest.mark.parametrize("reply", [{"value": v} for v in HOSTILE] + [{"failed": f} for f in FAILURES], ids=str)
def test_the_checker_stands_whatever_comes_through_a_channel_that_was_taken_over(reply):
    """The learner's code finds the channel and the nonces in the worker's frames, and answers in its place."""
    text = (
        TAKEN
        + f"say({{'job': 'twice', 'loaded': True}})\nfor call in job['calls']: say({{'call': call['id']}} | {reply})\n"
    )
    result = run(text + "os._exit(0)\n")
    assert result.status == "failed" and result.points == 0
    assert len(str(result.to_json())) < 5000
    answer = TAKEN + f"say({{'job': 'q'}} | {reply})\nos._exit(0)\n"
    quantity = Quantity(name="q", title=W, task=W, points=1, hints=(), answer=2.0, reasoning=W)
    assert run(answer, quantity).status in ("failed", "open", "unread")


# looking for the answer


def refused(code: str, files: list[Path] | None = None) -> str:
    """What the code prints: `got …` where it could do what it tried, else `refused …`."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    text = f"import sys\ntry:\n{body}except BaseException as e:\n    print('refused', type(e).__name__, e)\n"
    result = run(text + STUB, forbidden=files or [])
    assert result.status == "failed", result
    return result.printed


@pytest.fixture
def answers(tmp_path) -> Path:
    """A file with the solution, and another that leads to it."""
    file = tmp_path / "own.py"
    file.write_text(DOUBLE.solution)
    return file


SEEK = {
    "open": "print('got', open({file!r}).read())",
    "os.open": "import os\nprint('got', os.read(os.open({file!r}, 0), 999))",
    "open_code": "import io\nprint('got', io.open_code({file!r}).read())",
    "a link to it": "print('got', open({link!r}).read())",
    "a hard link to it": "print('got', open({hard!r}).read())",
    "another path": "import os\nprint('got', open(os.path.dirname({file!r}) + '/./x/../own.py').read())",
    "as bytes": "print('got', open({file!r}.encode()).read())",
    "a descriptor of its folder": (
        "import os\nd = os.open(os.path.dirname({file!r}), 0)\n"
        "print('got', os.read(os.open('own.py', 0, dir_fd=d), 99))"
    ),
    "import": "import runpy\nprint('got', runpy.run_path({file!r}))",
    "linecache": "import linecache\nprint('got' if linecache.getlines({file!r}) else 'refused')",
    "fileinput": "import fileinput\nprint('got', list(fileinput.input({file!r})))",
    "numpy": "import numpy as np\nprint('got', bytes(np.fromfile({file!r}, 'u1')))",
    "memory map": "import numpy as np\nprint('got', bytes(np.memmap({file!r}, 'u1', 'r')))",
    "patched stat": "import os\nos.stat = lambda *a, **k: os.lstat('/')\nprint('got', open({file!r}).read())",
    "cat": "import subprocess\nprint('got', subprocess.check_output(['cat', {file!r}]))",
    "system": "import os\nprint('got', os.system('cat ' + {file!r}))",
    "popen": "import os\nprint('got', os.popen('cat ' + {file!r}).read())",
    "exec": "import os\nos.execv('/bin/cat', ['cat', {file!r}])",
    "spawn": "import os\nprint('got', os.posix_spawn('/bin/cat', ['cat', {file!r}], {{}}))",
    "fork": "import os\nprint('got', os.fork())",
    "fork_exec of subprocess": "import subprocess\nprint('got', subprocess._fork_exec())",
    "fork_exec": "import _posixsubprocess\nprint('got')",
    "multiprocessing": "import multiprocessing as m\np = m.Process(target=print)\np.start()\nprint('got')",
    "ctypes": "import ctypes\nprint('got', ctypes.CDLL(None).getpid())",
    "another library": "import polars\nprint('got', polars.read_csv({file!r}))",
    "sqlite": "import sqlite3\nprint('got', sqlite3.connect({file!r}))",
    "garbage collector": "import gc\nprint('got', gc.get_objects())",
    "copy": "import shutil\nprint('got', shutil.copy({file!r}, 'x'))",
    "rename": "import os\nos.rename({file!r}, {file!r} + 'x')\nprint('got')",
    "remove": "import os\nos.remove({file!r})\nprint('got')",
    "write": "open({file!r} + '.new', 'w').write('x')\nprint('got')",
    "network": "import socket\nsocket.create_connection(('127.0.0.1', 9))\nprint('got')",
    "kill the checker": "import os\nos.kill(os.getppid(), 0)\nprint('got')",
}


@posix
@pytest.mark.parametrize("name", SEEK)
def test_looking_for_the_answer_finds_nothing(name, answers):
    link, hard = answers.with_name("link.txt"), answers.with_name("hard.txt")
    link.symlink_to(answers)
    os.link(answers, hard)
    (answers.parent / "x").mkdir()
    printed = refused(SEEK[name].format(file=str(answers), link=str(link), hard=str(hard)), [answers])
    assert printed.startswith("refused") and SECRET not in printed and "got" not in printed
    assert "homework" in printed or name in ("linecache", "fork_exec of subprocess"), printed  # the guard's own words
    assert answers.read_text() == DOUBLE.solution and not answers.with_name("own.py.new").exists()


@pytest.mark.parametrize(
    "code",
    [
        "import pellucid.rooms.spam_detector.homework as h\nprint('got', h)",
        "print('got', open({room!r}).read())",
        "sys.path.insert(0, {folder!r})\nimport homework\nprint('got', homework.EXERCISES)",
        "import importlib.util as u\nm = u.module_from_spec(s := u.spec_from_file_location('m', {room!r}))\n"
        "s.loader.exec_module(m)\nprint('got', m)",
        "import pkgutil\nprint('got', pkgutil.get_data('pellucid.rooms.spam_detector', 'homework.py')[:9])",
    ],
)
def test_the_rooms_own_solutions_cannot_be_imported_or_read(code):
    room = PACKAGE / "rooms/spam_detector/homework.py"
    head = f"import sys\nsys.path.insert(0, {str(PACKAGE.parent)!r})\n"
    printed = refused(head + code.format(room=str(room), folder=str(room.parent)))
    assert printed.startswith("refused"), printed
    assert "homework does not read" in printed or "is not there in homework" in printed, printed  # by the guard


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc")
@pytest.mark.parametrize("file", ["/proc/{parent}/mem", "/proc/{parent}/cmdline", "/proc/self/../{parent}/environ"])
def test_the_checkers_memory_cannot_be_read(file):
    printed = refused(f"import os\nprint('got', open({file!r}.format(parent=os.getppid()), 'rb').read(9))")
    assert printed.startswith("refused PermissionError homework does not read"), printed


def test_the_learners_process_ends_before_the_solution_is_asked(monkeypatch):
    """And what it was sent holds neither a solution nor a value."""
    asked = []
    real = process.run

    def spy(jobs, limits, *, guarded=True, forbidden=()):
        said = real(jobs, limits, guarded=guarded, forbidden=forbidden)
        asked.append((guarded, str(jobs)))
        return said

    monkeypatch.setattr(checker.process, "run", spy)
    right = DOUBLE.solution.replace("0.125", "1 / 8")
    assert run(right, replace(DOUBLE, points=3)).status == "passed"  # another one: its solution has its real process
    assert [guarded for guarded, _ in asked] == [True, False]
    assert SECRET not in asked[0][1] and SECRET in asked[1][1]


def test_calls_come_in_an_order_of_chance_under_names_of_chance():
    orders = set()
    ids = set()
    for _ in range(20):
        calls = checker.calls(DOUBLE)
        orders.add(tuple((call.origin, call.number) for call in calls))
        ids |= {call.id for call in calls}
    assert len(orders) > 5 and len(ids) == 100


def test_what_exercises_need_is_there():
    """The guard refuses no lazy import of NumPy, SymPy or the standard library."""
    text = "import math, random, statistics, itertools, functools, dataclasses, decimal, fractions\n"
    text += "import numpy as np, sympy\nx = sympy.symbols('x')\nprint(sympy.solve(sympy.diff((x - 3)**2, x), x))\n"
    text += "r = np.random.default_rng(0)\nnp.linalg.svd(r.normal(size=(3, 3))), np.fft.fft(r.normal(size=4))\n"
    text += "@dataclasses.dataclass\nclass P:\n    x: int = 3\nprint(P())\n"
    result = run(text + "def twice(x):\n    return 2.0 * x + 0.125\n", limits=Limits(seconds=60))
    assert result.status == "passed" and result.printed.split() == ["[3]", "P(x=3)"], result


@posix
def test_what_it_started_is_killed_with_it(tmp_path):
    """A loop that ignores all signals that can be ignored is gone when the result is there."""
    text = "import os, signal\nprint(os.getpid())\n"
    text += "for s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nimport sys; sys.stdout.flush()\nwhile True: pass\n"
    result = run(text + STUB, limits=Limits(seconds=0.5))
    with pytest.raises(ProcessLookupError):
        os.kill(int(result.printed), 0)


def test_the_environment_of_the_checker_is_not_handed_on(monkeypatch):
    monkeypatch.setenv("ANSWER_KEY", SECRET)
    monkeypatch.setenv("PYTHONSTARTUP", "/x")
    printed = refused("import os\nprint('refused', dict(os.environ), os.listdir('.'))")
    assert SECRET not in printed and "PYTHON" not in printed and printed.strip().endswith("[]")
