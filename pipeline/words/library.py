"""What the fast path needs of underthesea, read from its installed files.

``import underthesea`` takes most of a second, for classifiers and downloads that segmentation does not use.
The files of the word model are therefore read directly: the weights (`models.bin`, CRFsuite's format), the
dictionary, the feature templates and the spelling map (pickles), and the token pattern (a constant of one
module). The compiled featurizer and tagger come from ``underthesea_core``, which loads at once.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import pickle
import re
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

MODEL = "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727"
SPELLING = "pipeline/text_normalize/tn_rules_2023_07_14.bin"
PATTERN = "pipeline/word_tokenize/regex_tokenize.py"
# The modules whose behaviour is reproduced here; see `Library.known`.
SOURCES = (
    PATTERN,
    "pipeline/word_tokenize/__init__.py",
    "pipeline/text_normalize/character_normalize.py",
    "pipeline/text_normalize/text_normalizer.py",
    "pipeline/text_normalize/token_normalize.py",
    "models/fast_crf_sequence_tagger.py",
)
KNOWN_SOURCES = frozenset(
    {  # sha256 of their text
        "87a3dfee331dce0fd385bb3a404bc03db4e185398bbd93367414895e74dbea91",  # 9.5.0
    }
)

LABELS = ("B-W", "I-W")
SMALLEST_WEIGHT = 1e-10  # underthesea_core drops weights up to this size when it loads a model


class Unsupported(Exception):
    """The installed underthesea is not laid out as the fast path expects."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """Weights from one label to the next; `bi` is from B-W (a word begins) to I-W (a word goes on)."""

    bb: float
    bi: float
    ib: float
    ii: float


@dataclass(frozen=True, slots=True)
class Library:
    """The parts of underthesea that decide on words.

    `weights` maps a feature string to its weight for B-W minus its weight for I-W: with two labels the
    difference decides. `known` is true where the Python sources are ones that the fast path was proved on.
    """

    templates: tuple[str, ...]
    weights: dict[str, float]
    transitions: Transitions
    dictionary: frozenset[str] | set[str]
    letters: dict[int, str]
    spelling: dict[str, str]
    pattern: re.Pattern[str]
    featurizer: Any
    tagger: Any
    known: bool

    def words(self, text: str) -> list[str]:
        """What ``underthesea.word_tokenize`` does, step by step, without the shortcuts of the fast path."""
        text = unicodedata.normalize("NFC", text).translate(self.letters)
        tokens = [self.spelling.get(match.group(), match.group()) for match in self.pattern.finditer(text)]
        words: list[str] = []
        for token, tag in zip(tokens, self.tags(tokens), strict=True):
            if tag == "I-W" and words:
                words[-1] += " " + token
            else:
                words.append(token)
        return words

    def features(self, token: str) -> dict[str, str]:
        """Feature template -> value, for a text of one token, as the library itself sees it."""
        return dict(feature.split("=", 1) for feature in self.featurizer.process([[[token]]])[0][0])

    def tags(self, tokens: list[str]) -> list[str]:
        """The library's own labels."""
        labels: list[str] = self.tagger.tag(self.featurizer.process([[[token] for token in tokens]])[0])
        return labels


def read_library() -> Library:
    """Read the installed underthesea.

    Raises `Unsupported`, `OSError` or `ImportError` where that is not possible.
    """
    from underthesea_core import CRFFeaturizer, CRFTagger

    spec = importlib.util.find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        raise Unsupported("underthesea is not installed")
    root = Path(spec.submodule_search_locations[0])
    templates = _unpickle(root / MODEL / "features.bin")
    dictionary = _unpickle(root / MODEL / "dictionary.bin")
    spelling = _unpickle(root / SPELLING)
    weights, transitions = _read_model((root / MODEL / "models.bin").read_bytes())
    tagger = CRFTagger()
    tagger.load(str(root / MODEL / "models.bin"))
    return Library(
        templates=tuple(templates),
        weights=weights,
        transitions=transitions,
        dictionary=dictionary,
        letters={ord(letter): standard for letter, standard in spelling["character"].items()},
        spelling=spelling["token"],
        pattern=_read_pattern((root / PATTERN).read_text(encoding="utf-8")),
        featurizer=CRFFeaturizer(templates, dictionary),
        tagger=tagger,
        known=_digest(root) in KNOWN_SOURCES,
    )


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _unpickle(path: Path) -> Any:
    # Written by joblib, but without arrays: a plain pickle, part of the installed package.
    with path.open("rb") as file:
        return pickle.load(file)


def _read_pattern(source: str) -> re.Pattern[str]:
    """Run the module's assignments up to `patterns`, the compiled token pattern, without its imports."""
    keep: list[ast.stmt] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign):
            keep.append(statement)
            if any(isinstance(target, ast.Name) and target.id == "patterns" for target in statement.targets):
                break
    names: dict[str, Any] = {"re": re}
    exec(compile(ast.Module(keep, []), PATTERN, "exec"), names)
    pattern = names.get("patterns")
    if not isinstance(pattern, re.Pattern):
        raise Unsupported("token pattern not found")
    return pattern


def _read_model(data: bytes) -> tuple[dict[str, float], Transitions]:
    """Weights of a CRFsuite model file with the labels B-W and I-W.

    The format: a header of 48 bytes with the offsets of the parts; `FEAT`, records of (kind, source, target,
    weight); and two `CQDB` string tables, labels and attributes.
    """
    magic, _, kind, _, _, n_labels, n_attributes, features_at, labels_at, attributes_at = struct.unpack_from(
        "<4sI4sIIIIIII", data
    )
    if (magic, kind, n_labels) != (b"lCRF", b"FOMC", 2):
        raise Unsupported("not a CRFsuite model with two labels")
    labels = _read_strings(data, labels_at, 2)
    attributes = _read_strings(data, attributes_at, n_attributes)
    if sorted(labels) != list(LABELS) or len(set(attributes)) != n_attributes:
        raise Unsupported("unexpected labels or attributes")
    (count,) = struct.unpack_from("<I", data, features_at + 8)
    record = np.dtype([("kind", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
    records = np.frombuffer(data, record, count, features_at + 12)
    sign = np.array([1.0 if label == "B-W" else -1.0 for label in labels])

    states = records[(records["kind"] == 0) & (np.abs(records["weight"]) > SMALLEST_WEIGHT)]
    difference = np.zeros(n_attributes)
    np.add.at(difference, states["source"], states["weight"] * sign[states["target"]])
    weights = dict(zip(attributes, difference.tolist(), strict=True))

    moves = {(labels[r["source"]], labels[r["target"]]): float(r["weight"]) for r in records[records["kind"] == 1]}
    b, i = LABELS
    return weights, Transitions(*(moves.get(move, 0.0) for move in ((b, b), (b, i), (i, b), (i, i))))


def _read_strings(data: bytes, at: int, count: int) -> list[str]:
    """Strings of a CQDB table, by id; its backward table tells where (id, size, bytes, NUL) of each begin."""
    magic, _, _, _, size, back = struct.unpack_from("<4sIIIII", data, at)
    if magic != b"CQDB" or size < count:
        raise Unsupported("broken string table")
    strings = []
    for place in struct.unpack_from(f"<{count}I", data, at + back):
        start = at + place + 8
        (length,) = struct.unpack_from("<I", data, start - 4)
        strings.append(data[start : start + length].split(b"\0", 1)[0].decode("utf-8"))
    return strings
