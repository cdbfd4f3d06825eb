"""The command in Vietnamese: nothing is missing, and what is compiled is what was written."""

import gettext
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "write_messages.py"
_spec = importlib.util.spec_from_file_location("write_messages", SCRIPT)
assert _spec
assert _spec.loader
written = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(written)


def test_every_message_is_translated():
    known = written.read()
    missing = []
    for message in written.messages():
        found = known.get(message[0] if isinstance(message, tuple) else message)
        told = found.string if found else ""
        if not all(told) if isinstance(told, tuple) else not told:
            missing.append(message)
    assert missing == [], "run `make messages`, and translate them in pipeline/locale/vi/LC_MESSAGES/trichluc.po"


def test_every_translation_has_the_values_of_its_message():
    for message in written.read():
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = {name for one in ids for name in re.findall(r"\{(\w+)\}", one)}
            for string in strings:
                assert set(re.findall(r"\{(\w+)\}", string)) <= wanted, message.id


def test_the_files_are_up_to_date():
    known = written.read()
    assert written.compiled(written.catalogue(known))[0] == written.PO.read_bytes(), "run `make messages`"
    with written.MO.open("rb") as file:  # its head names the version of Babel
        compiled = gettext.GNUTranslations(file)
    for message in known:
        if isinstance(message.id, tuple):
            assert compiled.ngettext(*message.id, 2) == message.string[0], "run `make messages`"
        elif message.id:
            assert compiled.gettext(message.id) == message.string, "run `make messages`"


def say(*words: str, **environment: str) -> str:
    command = [sys.executable, "-m", "pipeline.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "", **environment}, check=False)
    return done.stdout + done.stderr


def test_the_language_is_chosen_by_option_variable_and_locale():
    for told in (say("--lang", "vi", "run", "-h"), say("run", "-h", "--lang=vi"), say("run", "-h", TRICHLUC_LANG="vi")):
        assert "Thư mục" in told
    assert "Thư mục" in say("run", "-h", LANG="vi_VN.UTF-8", PYTHONUTF8="1")
    assert "Folder for the tables" in say("run", "-h", LANG="vi_VN.UTF-8", TRICHLUC_LANG="en")


@pytest.mark.parametrize("command", [(), ("run",), ("export",), ("review",), ("view",), ("train",), ("explain",)])
def test_all_of_the_help_is_vietnamese(command):
    told = say("--lang", "vi", *command, "-h")
    assert told.startswith("Cách dùng: trichluc")
    assert re.findall(r"Usage|Options|Arguments|Commands?|Show this|default|required|<[a-z ]+>", told) == []
    assert say(*command, "-h", TRICHLUC_LANG="en").startswith("Usage: trichluc")


def test_settings_of_a_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Tỉnh Hòa Bình hỗ trợ 5 triệu đồng.", "utf-8")
    (tmp_path / "trichluc.toml").write_text('lang = "vi"\n[run]\ninputs = ["in"]\nout = "out"\n', "utf-8")
    command = [sys.executable, "-m", "pipeline.cli", "run"]
    path = {"PYTHONPATH": str(SCRIPT.parents[1]), "PATH": ""}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=path, check=False)
    assert done.returncode == 0, done.stderr
    assert "số tiền" in done.stderr
    assert (tmp_path / "out" / "amounts").is_dir()
    (tmp_path / "trichluc.toml").write_text("lang = ", "utf-8")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=path, check=False)
    assert (done.returncode, "trichluc.toml" in done.stderr) == (2, True)
