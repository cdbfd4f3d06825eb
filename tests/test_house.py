"""The house stays habitable: small functions, words in TOML, modules of a page or two. Figures only fall."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from rules.language.letters import MARKED

ROOT = Path(__file__).parents[1]

OVER_TEN = 0.05
"""Share of the functions of rules/ with more than ten branches."""
WORDED = 33
"""Patterns of rules/ and pipeline/ with Vietnamese words written out in Python."""
LONG: set[str] = set()
"""Modules over 400 lines."""

_BRANCH = (ast.If, ast.For, ast.While, ast.IfExp, ast.ExceptHandler, ast.comprehension, ast.match_case)
_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_MARKED = re.compile(f"[{MARKED}{MARKED.upper()}]")
_CLASS = re.compile(r"\[[^\]]*\]")  # letters, no words
_SYNTAX = re.compile(r"\\[bswdSWDAZ]|\(\?|[)\]][?*+{]|\[\^?\w|\w\|\w")


def modules(*folders: str) -> Iterator[tuple[str, str]]:
    """Path and text of every module."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def inner(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function that are not of a function or class inside it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _SCOPE):
            yield child
            yield from inner(child)


def branches(function: ast.AST) -> int:
    """Ifs, loops, handlers, conditions: every place where a function may go another way."""
    nodes = list(inner(function))
    conditions = sum(len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp))
    return conditions + sum(isinstance(node, _BRANCH) for node in nodes)


def literals(node: ast.AST) -> Iterator[str]:
    """The strings of a node, without docstrings."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        yield from literals(child)


def is_pattern(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("re.", "regex."))


def worded(node: ast.AST) -> int:
    """Patterns with a Vietnamese letter: calls of ``re``, and other strings that look like a part of one."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return 0
    if is_pattern(node):
        return any(_MARKED.search(_CLASS.sub("", text)) for text in literals(node))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(_MARKED.search(_CLASS.sub("", node.value)) and _SYNTAX.search(node.value))
    return sum(map(worded, ast.iter_child_nodes(node)))


def test_few_functions_of_the_rules_have_more_than_ten_branches() -> None:
    found = {
        f"{path}:{node.lineno} {node.name}": branches(node)
        for path, text in modules("rules")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }
    over = sorted(name for name, number in found.items() if number > 10)
    assert len(over) <= OVER_TEN * len(found), f"{len(over)} of {len(found)}:\n" + "\n".join(over)


def test_few_patterns_spell_vietnamese_words() -> None:
    found = {path: number for path, text in modules("rules", "pipeline") if (number := worded(ast.parse(text)))}
    assert sum(found.values()) <= WORDED, f"{sum(found.values())}: {found}"


def test_modules_are_short() -> None:
    assert {path for path, text in modules("rules", "pipeline") if text.count("\n") > 400} <= LONG


def test_the_counts_themselves() -> None:
    source = (
        'def f(x):\n    "Thử."\n    return re.compile("xã|[á]") if x and y or z else [re.match("[á]", a) for a in b]\n'
    )
    assert branches(ast.parse(source).body[0]) == 4
    assert worded(ast.parse(source)) == 1
