"""The page from this machine alone, so that verdicts are saved at once: loopback, and a token in the address."""

import json
import secrets
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipeline.i18n import _

MOST_BYTES = 1 << 20  # of one verdict


def serve(
    html: str, accept: Callable[[dict[str, Any]], object], port: int = 0, token: str | None = None
) -> tuple[ThreadingHTTPServer, str]:
    """A server of the page, not yet running, and its address; call ``serve_forever`` and ``server_close``.

    ``accept`` takes a verdict and raises ``ValueError`` for what is none. Whoever does not know the token gets 403.
    """
    secret = token or secrets.token_urlsafe(24)
    page = html.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self._known("/"):
                self._answer(200, page, "text/html; charset=utf-8")

        def do_POST(self) -> None:
            if not self._known("/verdicts"):
                return
            length = int(self.headers.get("Content-Length") or 0)
            if not 0 < length <= MOST_BYTES:
                self._answer(413, b"too long")
                return
            try:
                accept(json.loads(self.rfile.read(length)))
            except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
                self._answer(400, str(error).encode())
                return
            self._answer(200, b"saved")

        def _known(self, path: str) -> bool:
            asked = urlsplit(self.path)
            given = parse_qs(asked.query).get("token", [""])[0]
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            if not secrets.compare_digest(given, secret) or host not in ("127.0.0.1", "localhost"):
                self._answer(403, _("open the address that `trichluc view --serve` printed").encode())
            elif asked.path != path:
                self._answer(404, b"not here")
            else:
                return True
            return False

        def _answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Nothing is logged: the address holds the token."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    return server, f"http://127.0.0.1:{server.server_address[1]}/?token={secret}"
