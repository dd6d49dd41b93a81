"""Ask the console without a network: requests go straight to the application."""

import asyncio
import re
from html.parser import HTMLParser

import httpx
from support.console_fakes import make_services

from web.app import console_app
from web.services import Services


class ConsoleClient:
    """A console over the given services; each request runs in an event loop of its own."""

    def __init__(self, services: Services | None = None) -> None:
        self.app = console_app(services or make_services())

    def get(self, path: str, method: str = "GET") -> httpx.Response:
        return asyncio.run(self._ask(method, path))

    def page(self, path: str) -> "PageText":
        """Return what a page says; it must answer 200."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text[:500]
        return PageText(answer.text)

    async def _ask(self, method: str, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            return await client.request(method, path)


class PageText(HTMLParser):
    """A page as a reader meets it: `text` without tags, `links` by their words, `tags` with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.links, self.tags, self._words, self._open = html, {}, [], [], []
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self._words)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self._open.append((dict(attrs).get("href"), len(self._words)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            href, start = self._open.pop()
            words = re.sub(r"\s+", " ", " ".join(self._words[start:])).strip()
            self.links.setdefault(words, href)

    def handle_data(self, data: str) -> None:
        self._words.append(data.strip())
