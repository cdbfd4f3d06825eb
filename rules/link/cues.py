"""Proper names that stand for one undertaking where the text does not name it outright."""

import re
from collections.abc import Mapping, Sequence

from rules.beneficiary.words import UPPER
from rules.language.alternation import alternation
from rules.link.mention import Link, Receiver, Spanned, Undertaking
from rules.link.words import WORDS

_PROPER = re.compile(rf"[{UPPER}]\w*(?:\s(?:-\s)?[{UPPER}]\w*)+")

_LEGAL = re.compile(r"(?<!\w)(?:DNTN|HTX|TNHH|MTV|CP|THT|HKD|Công ty|Hợp tác xã)(?!\w)")
_KIND = re.compile(rf"\A(?:{alternation(WORDS['anaphors'])})\s", re.IGNORECASE)
_SITE = re.compile(r"(?<!\w)(?:trong|tại|ở|trên địa bàn|thuộc)\s.{0,200}")


def cues(
    text: str,
    projects: Sequence[Undertaking],
    receivers: Sequence[Receiver],
    owners: Sequence[Link],
    places: Sequence[Spanned],
) -> Mapping[str, int]:
    """Proper names of two words and more that only one undertaking has, in its name or as its receiver.

    "tuyến Rừng Sác - Cần Giờ" is meant by "Rừng Sác - Cần Giờ với tổng vốn …", the model of the firm Hoài Cổ by "Hơn
    90 triệu đồng của Hoài Cổ". Names of administrative units stand for too much and are left out.
    """
    units = [text[p.start : p.end] for p in places]
    owner: dict[str, int | None] = {}
    shorts = [_shorts(text, p) for p in projects]
    for index, own in enumerate(shorts):
        others = [s for j, them in enumerate(shorts) if j != index for s in them]
        for cue in own:
            _claim(owner, cue, None if any(s.startswith(cue) for s in others) else index)
    for index, project in enumerate(projects):
        for cue in _PROPER.findall(_SITE.sub("", project.name or "")):
            others = [p.name or "" for j, p in enumerate(projects) if j != index]
            _claim(owner, cue, None if any(cue in name for name in others) else index)
    for receiver, (index_, rule) in zip(receivers, owners, strict=True):
        runs = _PROPER.findall(_LEGAL.sub("", receiver.name or ""))
        if runs and index_ is not None and rule in ("link.clause", "link.ahead"):
            _claim(owner, runs[-1], index_)
    return {
        cue: i
        for cue, i in owner.items()
        if i is not None and not any(cue in u or (u in cue and len(u) > 5) for u in units)
    }


def _shorts(text: str, project: Undertaking) -> set[str]:
    """The undertaking's names without the kind word, of three words and more: "cao tốc Bắc - Nam"."""
    forms = {_KIND.sub("", text[start:end]) for start, end in project.mentions}
    return {f for f in forms if f.count(" ") >= 2 and _PROPER.search(f) and len(f) < 60}


def _claim(owner: dict[str, int | None], cue: str, index: int | None) -> None:
    owner[cue] = index if owner.get(cue, index) == index else None
