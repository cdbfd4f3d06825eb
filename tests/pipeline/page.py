"""The page in Chromium, as a reader uses it."""

import time
from pathlib import Path

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1440,900",
)  # fmt: skip


class Page:
    """What a reader does with the page."""

    def __init__(self, chrome, address: Path | str, view: str = "reports") -> None:
        self.chrome = chrome
        chrome.get("about:blank")
        chrome.get((address.as_uri() if isinstance(address, Path) else address) + f"#{view}")
        self.wait("return document.body.dataset.ready")

    def wait(self, script: str, *args: object, seconds: float = 20):
        """What a script gives as soon as it is true."""
        until = time.monotonic() + seconds
        while not (found := self.js(script, *args)):
            assert time.monotonic() < until, script
            time.sleep(0.02)
        return found

    def click(self, selector: str) -> None:
        self.js(
            "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))", selector
        )

    def facet(self, name: str, value: str) -> None:
        script = (
            "const s=document.querySelector(`[data-facet=${arguments[0]}]`); s.value=arguments[1]; "
            "s.dispatchEvent(new Event('change'))"
        )
        self.js(script, name, value)

    @property
    def found(self) -> int:
        return int(self.js("return document.querySelector('.found').textContent").split()[0].replace(".", ""))

    @property
    def rows(self) -> list[list[str]]:
        return self.js(
            "return [...document.querySelectorAll('main > section:not([hidden]) .window .row')].map(r => "
            "[...r.children].map(c => c.textContent))"
        )

    def js(self, script: str, *args: object):
        return self.chrome.execute_script(script, *args)

    def press(self, keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.chrome).send_keys(keys).perform()

    def choose(self, name: str, value: str) -> None:
        self._fill(name, value, "change")

    def search(self, words: str) -> list[str]:
        self.js(
            "const s=document.getElementById('search');s.value=arguments[0];s.dispatchEvent(new Event('input'))", words
        )
        self.chrome.execute_async_script("setTimeout(arguments[0], 150)")
        return self.titles

    def _fill(self, name: str, value: str, event: str) -> None:
        script = "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
        self.js(script + "field.dispatchEvent(new Event(arguments[2]))", name, value, event)

    @property
    def titles(self) -> list[str]:
        return self.js("return [...document.querySelectorAll('#list b')].map(b => b.textContent)")

    @property
    def text(self) -> str:
        return self.js("return [...document.querySelectorAll('#report .text p')].map(p => p.textContent).join('\\n')")

    @property
    def current(self) -> str:
        return self.js("return document.querySelector('#list [aria-current=true] b').textContent")


def downloaded(path: Path) -> Path:
    until = time.monotonic() + 20
    while not path.exists() or path.with_name(path.name + ".crdownload").exists():
        assert time.monotonic() < until, f"no {path.name}"
        time.sleep(0.02)
    return path
