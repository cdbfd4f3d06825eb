"""The registry of rules: what an id says, and the file and line where the rule decides.

What an id says lies in ``registry.toml``. Where it decides is read from the code itself: the line that gives a mention
the id, never one that only asks for it; a phrase of a word list is the line of the list.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from rules.language.lists import read


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, what it says, and where it decides (``rules/link/topic.py:57``), where that is known."""

    id: str
    says: str
    where: str | None


DECIDES = {"amounts": ("proposals", "sums"), "beneficiaries": ("receivers",), "locations": ("receivers",)}
"""Table -> the modules that link its mentions: one id may be given to sums here and to receivers there."""


def sentences() -> list[str]:
    """All that rules say, each once."""
    return list(dict.fromkeys(says for told in read("rules", "registry").values() for says in told.values()))


@cache
def find(rule: str, table: str = "") -> Rule | None:
    """The rule of an id, as it decides for a table of mentions; None where nothing is known of it.

    >>> find("money.range").says, find("money.range").where.split(":")[0]
    ('two figures that are the ends of a range', 'rules/money/figures.py')
    """
    package, _, name = rule.partition(".")
    told = read("rules", "registry").get(package)
    if told is None:
        return None
    words = name.split(".")
    longest = (".".join(words[:n]) for n in range(len(words), 0, -1))
    says = next((told[part] for part in longest if part in told), told.get(words[-1], told.get("")))
    return None if says is None else Rule(rule, says, where(rule, table))


@cache
def where(rule: str, table: str = "") -> str | None:
    """File and line where a rule decides for a table of mentions: in a word list if it is there, else in the code.

    >>> where("role.support.grant").split(":")[0]
    'rules/role/roles.toml'
    """
    package, _, name = rule.partition(".")
    listed = _listed(package, name)
    if listed:
        return listed
    wanted = [f"{name}_vnd"] if package == "record" else [rule, name]
    while "." in wanted[-1]:  # "bracket.sum" is given as f"link.bracket.{...}"
        wanted += [f"{package}.{wanted[-1].rpartition('.')[0]}", wanted[-1].rpartition(".")[0]]
    for literal in (*wanted, name.rpartition(".")[2]):
        hits = [
            (_stands(path, table), rank, path, line)
            for text, rank, path, line in _decisions(package)
            if text == literal
        ]
        if hits:
            return "{2}:{3}".format(*min(hits))
    return None


def _stands(path: str, table: str) -> bool:
    """Whether a file is none of those that decide for the table."""
    return path.rpartition("/")[2].removesuffix(".py") not in DECIDES.get(table, ())


def _listed(package: str, name: str) -> str | None:
    """The line of a word list that has the id."""
    for path, item in _files(package, ".toml"):
        for number, line in enumerate(item.read_text("utf-8").splitlines(), 1):
            if line.strip() in (f'id = "{name}"', f"[{name}]", f'["{name}"]'):
                return f"{path}:{number}"
    return None


def _files(package: str, ending: str) -> Iterator[tuple[str, Traversable]]:
    folder = files("rules") / {"record": "link"}.get(package, package)
    if folder.is_dir():
        for item in sorted(folder.iterdir(), key=lambda one: one.name):
            if item.name.endswith(ending):
                yield f"rules/{folder.name}/{item.name}", item


@cache
def _decisions(package: str) -> tuple[tuple[str, int, str, int], ...]:
    """Every literal of a package that can give an id: text (of an f-string what stands before its first value), how
    surely it decides (0 surest), file and line."""
    found = []
    for path, item in _files(package, ".py"):
        tree = ast.parse(item.read_text("utf-8"))
        parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg and node.arg.endswith("_vnd"):
                found.append((node.arg, 0, path, node.value.lineno))  # a record's fields are named, not given by id
            text = _text(node)
            if text and (rank := _rank(node, parents)) is not None:
                found.append((text, rank, path, node.lineno))  # type: ignore[attr-defined]
    return tuple(found)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value).rstrip(".")
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[-1], ast.Constant):
        return str(node.values[-1].value).lstrip(".")
    return None


def _rank(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> int | None:
    """How surely a literal gives an id rather than asks for it; None where it only asks."""
    parent = parents.get(node)
    while isinstance(parent, ast.IfExp | ast.BoolOp | ast.Tuple | ast.List | ast.JoinedStr):
        node, parent = parent, parents.get(parent)
    if parent is None or isinstance(parent, ast.Compare | ast.Set | ast.Expr):
        return None
    if isinstance(parent, ast.keyword):
        return 0 if parent.arg == "rule" else 2
    if isinstance(parent, ast.Call):
        asks = isinstance(parent.func, ast.Attribute) and parent.func.attr in ("startswith", "endswith", "get")
        return None if asks else 1
    if isinstance(parent, ast.Return | ast.Yield):
        return 1
    return 3 if isinstance(parent, ast.Assign | ast.Dict) else 4
