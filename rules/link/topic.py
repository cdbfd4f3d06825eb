"""Which undertaking a sentence goes on about, where it names none itself."""

import re

from rules.link.mention import NO_LINK, Link
from rules.link.scene import Scene
from rules.link.words import WORDS, alternatives, starts

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
_BUILT = {"cong_trinh", "du_an"}
_NOUN = re.compile(
    rf"(?<!\w)(?P<noun>{alternatives(WORDS['anaphors'])})(?!\w)(?P<this>\s(?:này|trên|nói trên|kể trên|đó)(?!\w))?",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:các|những|nhiều|một số|\d|hai|ba|bốn|hàng loạt)\s\Z", re.IGNORECASE)
_CONTINUES, _OPENS, _TURNS = starts("continues"), starts("opens"), starts("turns")

_NEAR, _FAR, _RECALL = 1, 4, 12  # sentences over which a topic holds: plain, with a word that goes on, by its kind word


class Topics:
    """What each sentence is about: what it names, what a bare kind word takes up, what its sums were linked to."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
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

    def continued(self, offset: int) -> Link:
        """The undertaking that the sentence (or item) goes on about up to ``offset``."""
        scene, layout = self._scene, self._scene.layout
        sentence = layout.sentence_at(offset)
        first, _ = layout.sentences[sentence]
        left, _ = scene.item(offset)
        head = layout.text[left:offset]
        if _TURNS.match(head):
            return NO_LINK
        if left > first and (named := list(dict.fromkeys(a.project for a in scene.open(first, left)))):
            return (named[-1], "link.item") if len(named) == 1 or _CONTINUES.match(head) else NO_LINK
        if scene.bullet(sentence):
            return self._list_head(sentence)
        return self._recalled(sentence, first, offset) or self._before(sentence, layout.text[first:offset])

    def _list_head(self, sentence: int) -> Link:
        """The topic of the paragraph that introduces a list set in lines."""
        owner = self._scene.layout.sentence_paragraph
        back = sentence - 1
        while back >= 0 and self._scene.bullet(back):
            back -= 1
        head = owner[back] if back >= 0 else -1
        while back >= 0 and owner[back] == head:
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
            if _PLURAL.search(text, max(first, m.start() - 10), m.start()):
                continue
            kinds = _KINDS.get(m["noun"].lower(), _BUILT)
            for back in range(sentence - 1, max(-1, sentence - 1 - _RECALL), -1):
                topic = self._topics[back]
                fit = [i for i in topic if self._scene.projects[i].kind in kinds]
                if fit:
                    return (fit[-1], "link.recalled") if len(topic) == 1 or m["this"] else NO_LINK
        return None

    def _before(self, sentence: int, head: str) -> Link:
        layout = self._scene.layout
        opens = bool(_OPENS.match(head))
        reach = _FAR if opens or _CONTINUES.match(head) else _NEAR
        paragraph = layout.sentence_paragraph[sentence]
        for back in range(sentence - 1, max(-1, sentence - 1 - reach), -1):
            if layout.sentence_paragraph[back] != paragraph and not opens:
                return NO_LINK
            if topic := self._topics[back]:
                return (topic[0], "link.topic") if len(topic) == 1 else NO_LINK
        return NO_LINK
