"""What the command refuses, and what it says of that: whole sentences, in Vietnamese as well, and the same status."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.view.labels import group

ROOT = Path(__file__).parents[1]
REPORT = "Hòa Bình nghiệm thu đề án\nTỉnh Hòa Bình nghiệm thu 2 đề án với tổng kinh phí 1,27 tỷ đồng.\n"

REFUSALS = {"RunError", "ExportError", "ViewError", "GoldError", "NothingLearnt", "BrokenSettings"}
USERS = ("analysis", "batch", "cli", "corrections", "export", "review", "train", "view")
"""Folders whose ValueErrors and TypeErrors reach users of the command and of notebooks."""
SAYING = {"say", "_say", "echo", "print", "ask"}
TRANSLATED = {"_", "counted", "later", "wrong_value", "told", "_told"}


def untold(node: ast.AST) -> Iterator[str]:
    """Words in the arguments of a call that stand outside of ``_()``."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in TRANSLATED:
        return
    if isinstance(node, ast.keyword) and node.arg == "style":
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[a-z]+ [a-z]+", node.value):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from untold(child)


def said(tree: ast.AST, folder: str) -> Iterator[ast.Call]:
    """Calls that make a refusal, or say something, in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = getattr(node.exc.func, "id", "")
            if name in REFUSALS or (name in ("ValueError", "TypeError", "OSError") and folder in USERS):
                yield node.exc
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SAYING:
            yield node


def test_no_refusal_is_in_english_only():
    found = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        name = path.relative_to(ROOT / "pipeline")
        if path.name in ("__main__.py", "evaluate.py", "linked.py"):  # tools of those who develop the rules
            continue
        for call in said(ast.parse(path.read_text("utf-8")), name.parts[0]):
            found += [f"{name}:{call.lineno}: {text}" for argument in call.args for text in untold(argument)]
    assert found == [], "put them through _() of pipeline.i18n, run `make messages`, and translate them"


def test_the_walk_finds_plain_words():
    code = 'raise RunError(f"{out} is a file")\nraise RunError(_("{out} is a file", out=out))\nsay("nothing to do")'
    found = [text for call in said(ast.parse(code), "batch") for argument in call.args for text in untold(argument)]
    assert sorted(found) == [" is a file", "nothing to do"]


def test_every_kind_of_reject_has_its_words():
    made = re.compile(r'(?:Unreadable|Broken|Reject)\([^"()]*(?:"[^"]*", )?"(?:open|parse|decode|discover)",\s*"(\w+)"')
    kinds = {kind for path in (ROOT / "pipeline").rglob("*.py") for kind in made.findall(path.read_text("utf-8"))}
    assert len(kinds) > 40
    assert kinds - set(group("reject")) == set()


def trichluc(*words: object, cwd: Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, after some lines of Python that break something."""
    code = f"{before}\nimport sys\nfrom pipeline.cli import main\nmain(sys.argv[1:])"
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], cwd=cwd, env=known, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(REPORT, "utf-8")
    return tmp_path


RUN = ("run", "in", "--out", "out")
FULL = """
import errno, os
import pipeline.batch.run as module
def full(*_): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
module.build = full
"""
OTHER = """
from dataclasses import replace
import pipeline.batch.manifest as module
known = module._shipped()
module._shipped = lambda: replace(known, package="9")
"""
TAKEN = "import socket; held = socket.create_server(('127.0.0.1', 47113))"
NO_DUCKDB = "import sys; sys.modules['duckdb'] = None"


def damaged(folder: Path) -> None:
    next((folder / "out" / ".trichluc" / "manifest").iterdir()).write_bytes(b"?")


def wrong_settings(folder: Path) -> None:
    (folder / "trichluc.toml").write_text('lang = "vi"\n[run]\nout = out\n', "utf-8")


def half_settings(folder: Path) -> None:
    (folder / "trichluc.toml").write_text("[run]\ninputs = [", "utf-8")


def another_table(folder: Path) -> None:
    next((folder / "out" / "amounts").glob("*.parquet")).write_bytes(b"?")


def a_file(folder: Path) -> None:
    (folder / "file").write_text("", "utf-8")


MISTAKES = {
    "no such input": (("run", "nicht", "--out", "out"), "", None, 2, r"xem lại đường dẫn"),
    "an empty folder": (("run", "leer", "--out", "out"), "", lambda f: (f / "leer").mkdir(), 2, r"hãy nêu tệp"),
    "out is the input": (("run", "leer", "--out", "leer"), "", lambda f: (f / "leer").mkdir(), 2, r"--out khác"),
    "out is a file": (("run", "in", "--out", "file"), "", a_file, 2, r"hãy nêu một thư mục"),
    "wrong columns": ((*RUN, "--columns", "x"), "", None, 2, r"hãy viết --columns"),
    "no out": (("run", "in"), "", None, 2, r"thiếu --out; xem cách dùng bằng trichluc run -h"),
    "a wrong number": ((*RUN, "--workers", "zwei"), "", None, 2, r"--workers không nhận giá trị này"),
    "a wrong choice": (("export", "in", "--to", "pdf"), "", None, 2, r"--to không nhận giá trị này: .*duckdb"),
    "a wrong option": ((*RUN, "--frisch"), "", None, 2, r"không có tùy chọn --frisch"),
    "a wrong command": (("rum",), "", None, 2, r"không có lệnh này; chỉ có run"),
    "wrong settings": (RUN, "", wrong_settings, 2, r"trichluc\.toml, dòng 3, .* giá trị"),
    "half settings": (RUN, "", half_settings, 2, r"trichluc\.toml .* dở dang"),
    "full disk": (RUN, FULL, None, 2, r"đĩa đã đầy; .* hãy dọn bớt chỗ"),
    "no tables to view": (("view", "in"), "", None, 2, r"hãy nêu thư mục --out"),
    "no tables to export": (("export", "in", "--to", "csv"), "", None, 2, r"hãy nêu thư mục --out"),
}
AFTER_A_RUN = {
    "damaged manifest": (RUN, "", damaged, 2, r"bị mất hoặc hỏng; hãy chạy với --fresh"),
    "damaged table": (RUN, "", another_table, 2, r"bị mất hoặc hỏng; hãy chạy với --fresh"),
    "another version": (RUN, OTHER, None, 0, r"làm lại từ đầu vì phiên bản đã đổi: package"),
    "a missing package": (
        ("export", "out", "--to", "duckdb"),
        NO_DUCKDB,
        None,
        2,
        r"cần gói duckdb: .* install duckdb",
    ),
    "no verdicts": (("review", "out", "fehlt.json"), "", None, 2, r"^trichluc: không có fehlt.json$"),
    "a taken port": (
        ("view", "out", "--serve", "--port", "47113"),
        TAKEN,
        None,
        2,
        r"cổng 47113: địa chỉ đã có chương trình khác dùng; hãy chọn cổng khác",
    ),
    "no such document": (("view", "out", "--doc", "x"), "", None, 2, r"không có bài x"),
}


def check(folder: Path, mistake: tuple[object, ...]) -> None:
    words, before, damage, status, pattern = mistake
    if damage:
        damage(folder)
    told = {lang: trichluc("--lang", lang, *words, cwd=folder, before=before) for lang in ("vi", "en")}
    assert "Traceback" not in told["vi"].stderr + told["en"].stderr
    assert told["vi"].returncode == status, told["vi"].stderr
    assert re.search(pattern, told["vi"].stderr), told["vi"].stderr
    if status:
        assert told["en"].returncode == status, told["en"].stderr
        assert not re.search(r"[ăâđêôơưạ-ỹ]", told["en"].stderr), told["en"].stderr


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_in_vietnamese(folder, mistake):
    check(folder, mistake)


@pytest.fixture
def done(folder: Path) -> Path:
    assert trichluc(*RUN, cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize("mistake", AFTER_A_RUN.values(), ids=AFTER_A_RUN)
def test_mistakes_after_a_run_in_vietnamese(done, mistake):
    check(done, mistake)


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_a_reader_that_goes_away_is_told_nothing(done):
    """``trichluc review out | head -1``"""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "pipeline.cli", "review", "out", "--n", "3"]
    known = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    told = subprocess.run(
        command, cwd=done, env=known, stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert told.stderr == b""


@pytest.mark.skipif(sys.platform == "win32", reason="another kind of lock")
def test_a_held_lock_in_vietnamese(done):
    import fcntl

    with (done / "out" / ".trichluc" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        check(done, (RUN, "", None, 2, rf"tiến trình {os.getpid()}\) đang ghi vào out; hãy chờ nó xong"))


def test_rejects_in_vietnamese(folder):
    (folder / "in" / "b.pdf").write_bytes(b"%PDF-1.4\n")
    done = trichluc("--lang", "vi", *RUN, cwd=folder)
    assert done.returncode == 1
    assert re.search(r"b\.pdf: tệp .*; hãy", done.stderr), done.stderr


def test_a_language_that_is_not_there(folder):
    told = trichluc("--lang", "fr", *RUN, cwd=folder)
    assert (told.returncode, told.stderr) == (2, "trichluc: no language fr: --lang is one of en, vi\n")
    assert not (folder / "out").exists()
