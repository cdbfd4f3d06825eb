"""Word lists: TOML files beside the modules that read them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(package: str, name: str) -> dict[str, Any]:
    """The file ``name``.toml of a package.

    >>> sorted(read("rules.project", "heads")["kinds"])[:2]
    ['chương trình', 'công trình']
    """
    return tomllib.loads(files(package).joinpath(f"{name}.toml").read_text("utf-8"))
