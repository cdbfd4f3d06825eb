"""Who an undertaking is for, as far as it stands right behind its name: "đề án “…” do HTX Hồng Đăng thụ hưởng"."""

from rules.beneficiary import named
from rules.language.letters import lowered
from rules.project.lexicon import pattern
from rules.project.mention import Candidate

_CUE = pattern(r"[”\"’)]*,?\s(?:{owner_cues})\s")
_REACH = 160  # code points behind a name in which its owner's name ends


def two_owners(text: str, a: Candidate, b: Candidate) -> bool:
    """Whether two mentions of one name are each followed by a named receiver, and these are two: a plan lists the
    title of a template once for each receiver."""
    mine, others = owner(text, a), owner(text, b)
    return bool(mine) and bool(others) and mine[-1] not in others and others[-1] not in mine


def owner(text: str, c: Candidate) -> list[str]:
    """The words of the receiver that stands right behind a mention, in lower case, without what it is; none where no
    receiver does."""
    behind = text[c.end : c.end + _REACH]
    cue = _CUE.match(behind)
    first = next(named.candidates(behind[cue.end() :]), None) if cue else None
    if cue is None or first is None or first.start:
        return []
    return lowered(behind[cue.end() :][first.noun_end : first.end]).split()
