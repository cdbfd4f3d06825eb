"""Which undertaking a sentence goes on about, where it names none itself."""

import re
from collections.abc import Sequence

from rules.link.cues import UPPER
from rules.link.mention import NO_LINK, Link
from rules.link.scene import Scene
from rules.link.words import WORDS, alternatives, starts, within

# A bare kind word takes up an undertaking of one of these kinds.
_KINDS = {
    "dự án": {"du_an", "cong_trinh", "goi_thau"},
    "công trình": {"cong_trinh", "du_an"},
    "đề án": {"de_an"},
    "mô hình": {"mo_hinh", "du_an", "de_an"},
    "chương trình": {"chuong_trinh"},
    "kế hoạch": {"ke_hoach", "chuong_trinh"},
    "đề tài": {"de_tai"},
    "gói thầu": {"goi_thau"},
}
_STANDING = {"kế hoạch", "chương trình"}
_BUILT = {"cong_trinh", "du_an"}
_NOUN = re.compile(
    rf"(?<!\w)(?P<noun>{alternatives(WORDS['anaphors'])})(?!\w)(?P<this>\s(?=(?:này|trên|nói trên|kể trên|đó)(?!\w)))?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\s*(?:[,.:;()]|\d|(?:{alternatives(WORDS['bare'])})(?!\w))", re.IGNORECASE)
_NAMED = re.compile(rf"\s(?:[\"“‘«{UPPER}]|(?:thứ\s(?:hai|ba|tư|năm)|khác|tiếp theo|mới thứ)(?!\w))")
_AGENCY = re.compile(r"(?:Sở|Bộ|Phòng|Ban|Vụ|Cục|Hội đồng|quản lý)\s(?:\S+\s){0,3}\Z")  # "Sở Kế hoạch và Đầu tư"
_PLURAL = re.compile(r"(?:các|những|nhiều|một số|\d|hai|ba|bốn|hàng loạt)\s\Z", re.IGNORECASE)
_CONTINUES, _OPENS, _TURNS, _CARRIES = starts("continues"), starts("opens"), starts("turns"), within("carries")
_FLOWS = re.compile(rf"\W*(?:{alternatives(WORDS['flows'])}|số(?:\s\w+){{1,3}}\s(?:này|ấy|trên))(?!\w)", re.IGNORECASE)
_OF = re.compile(r"\s(?:của|cho|trong)\s", re.IGNORECASE)

_NEAR, _FAR, _RECALL = 1, 4, 12  # sentences over which a topic holds: plain, with a word that goes on, by its kind word


def bare_noun(text: str, left: int, right: int) -> bool:
    """Whether text[left:right] speaks of an undertaking by a bare kind word: "công trình khởi công năm 2017"."""
    return any(_BARE.match(text, m.end("noun")) for m in _NOUN.finditer(text, left, right))


class Topics:
    """What each sentence is about: what it names, what a bare kind word takes up, what its sums were linked to."""

    def __init__(self, scene: Scene, named: Sequence[int] = ()) -> None:
        """``named`` are the offsets of named receivers: two sentences in a row about two of them are parallel."""
        self._scene = scene
        self._named = frozenset(map(scene.layout.sentence_at, named))
        self._topics: list[tuple[int, ...]] = []
        for sentence, (left, right) in enumerate(scene.layout.sentences):
            named = scene.topic_of(left, right)
            if not named and (taken := self._recalled(sentence, left, right)) and taken[0] is not None:
                named = (taken[0],)
            self._topics.append(named)

    def of(self, sentence: int) -> tuple[int, ...]:
        """The undertakings that ``sentence`` leaves open."""
        return self._topics[sentence]

    def note(self, offset: int, project: int) -> None:
        """Remember that something at ``offset`` was linked to ``project``: a sentence that names none is about it."""
        sentence = self._scene.layout.sentence_at(offset)
        self._topics[sentence] = self._topics[sentence] or (project,)

    def continued(self, offset: int, end: int | None = None, *, plain: str = "all") -> Link:
        """The undertaking that the sentence (or item) goes on about up to ``offset``.

        ``end`` is where the mention at ``offset`` ends: "45 triệu đồng của chương trình" takes up what follows it.
        ``plain`` says what a sentence without any word of going on may take up, right behind the one that tells of
        the undertaking: "all" topics, a "single" undertaking but no group, or "none".
        """
        scene, layout = self._scene, self._scene.layout
        sentence = layout.sentence_at(offset)
        first, _ = layout.sentences[sentence]
        left, _ = scene.item(offset)
        head = layout.text[left:offset]
        if _TURNS.match(head):
            return NO_LINK
        if left > first and (named := list(dict.fromkeys(a.project for a in scene.open(first, left)))):
            parallel = len(named) > 1 or head.lstrip()[:1].isupper()  # "…; Công ty B 60 triệu đồng"
            return NO_LINK if parallel and not _CONTINUES.match(head) else (named[-1], "link.item")
        if scene.bullet(sentence):
            return self._list_head(sentence)
        if self.elsewhere(offset):
            return NO_LINK
        if end is not None and (of := _OF.match(layout.text, end)) and (m := _NOUN.match(layout.text, of.end())):
            return self._recalled(sentence, of.end(), m.end()) or NO_LINK
        return self._recalled(sentence, first, offset) or self._before(sentence, layout.text[first:offset], plain)

    def flows_into(self, offset: int) -> int | None:
        """Where the next sentence says what the thing at ``offset`` is for: "Số tiền này dùng để thực hiện dự án X"."""
        sentences, following = self._scene.layout.sentences, self._scene.layout.sentence_at(offset) + 1
        if following >= len(sentences) or len(topic := self._topics[following]) != 1:
            return None
        return topic[0] if _FLOWS.match(self._scene.layout.text, *sentences[following]) else None

    def elsewhere(self, offset: int) -> bool:
        """Whether the sentence turns to something else, or names an undertaking that is none of ours."""
        text = self._scene.layout.text
        first = self._scene.layout.sentences[self._scene.layout.sentence_at(offset)][0]
        if _TURNS.match(text[self._scene.item(offset)[0] : offset]):
            return True
        for m in _NOUN.finditer(text, first, offset):
            before, end = text[max(first, m.start() - 24) : m.start()], m.end("noun")
            if _AGENCY.search(before):
                continue
            standing = m["noun"].lower() in _STANDING and not _PLURAL.search(before)
            if _NAMED.match(text, end) or (standing and end < offset and not _BARE.match(text, end)):
                return True
        return False

    def _list_head(self, sentence: int) -> Link:
        """The topic of the paragraph that introduces a list set in lines."""
        owner = self._scene.layout.sentence_paragraph
        back = sentence - 1
        while back >= 0 and self._scene.bullet(back):
            back -= 1
        head = owner[back] if back >= 0 else -1
        if back >= 0 and _CARRIES.search(self._scene.layout.text, *self._scene.layout.sentences[back]):
            head -= 1
        while back >= 0 and owner[back] >= head:
            if topic := self._topics[back]:
                return (topic[0], "link.list") if len(topic) == 1 else NO_LINK
            back -= 1
        return NO_LINK

    def _recalled(self, sentence: int, first: int, offset: int) -> Link | None:
        """What a bare kind word takes up ("dự án này", "dự toán cho đề án"): the last topic of that kind.

        None where the text holds no such word or nothing of its kind was told before.
        """
        text = self._scene.layout.text
        for m in reversed(list(_NOUN.finditer(text, first, offset))):
            alone = m.end("noun") >= offset or _BARE.match(text, m.end("noun"))
            several = bool(_PLURAL.search(text, max(first, m.start() - 10), m.start()))
            if not alone or (several and not m["this"]):
                continue
            kinds = _KINDS.get(m["noun"].lower(), _BUILT)
            for back in range(sentence - 1, max(-1, sentence - 1 - _RECALL), -1):
                topic = self._topics[back]
                fit = [i for i in topic if self._one(i) != several and self._scene.projects[i].kind in kinds]
                if fit:
                    return (fit[-1], "link.recalled") if len(fit) == 1 or m["this"] else NO_LINK
        return None

    def _one(self, project: int) -> bool:
        return self._scene.projects[project].n_projects == 1

    def _before(self, sentence: int, head: str, plain: str) -> Link:
        layout = self._scene.layout
        opens = bool(_OPENS.match(head))
        strong = opens or bool(_CONTINUES.match(head))
        reach = _FAR if strong else _NEAR if plain != "none" else 0
        paragraph = layout.sentence_paragraph[sentence]
        for back in range(sentence - 1, max(-1, sentence - 1 - reach), -1):
            if layout.sentence_paragraph[back] != paragraph and not opens:
                return NO_LINK
            if topic := self._topics[back]:
                parallel = not strong and (
                    {back, sentence} <= self._named or (plain == "single" and not self._one(topic[0]))
                )
                return (topic[0], "link.topic") if len(topic) == 1 and not parallel else NO_LINK
        return NO_LINK
