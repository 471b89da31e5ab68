"""A plain web server that hands out the verifier's scripts and the files of one bundle from memory."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import app

SCRIPTS = Path(app.__file__).parent / "static" / "verify"
TYPES = {".js": "text/javascript", "": "text/html"}


class Shelf:
    """`files` may be changed between requests; `/verify/` serves the scripts, `/files/` the bundle."""

    def __init__(self):
        self.files = {}
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                content = shelf.find(self.path)
                self.send_response(404 if content is None else 200)
                self.send_header(
                    "Content-Type", TYPES.get(Path(self.path).suffix, "text/plain; charset=utf-8")
                )
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def find(self, path):
        if path == "/":
            scripts = ("hash", "tree", "records", "seed", "log", "roster", "match", "bundle", "firm")
            tags = "".join(f'<script src="/verify/{name}.js"></script>' for name in scripts)
            return f"<!doctype html><title>t</title>{tags}".encode()
        if path.startswith("/verify/"):
            return (SCRIPTS / path.removeprefix("/verify/")).read_bytes()
        return self.files.get(path.removeprefix("/files/"))

    def close(self):
        self.server.shutdown()
        self.server.server_close()


RUN_WORKER = """message => new Promise(resolve => {
  const worker = new Worker("/verify/worker.js");
  const news = [];
  worker.onmessage = ({data}) => {
    if (data.step) news.push(data.step);
    if (data.done || data.failed) { worker.terminate(); resolve({...data, steps: news}); }
  };
  worker.postMessage(message);
})"""


def ask_worker(page, **message):
    """What the worker answers: {"done": …} or {"failed": …}, with the steps it reported."""
    return page.evaluate(RUN_WORKER, {"base": "/files/", **message})
