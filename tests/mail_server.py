"""A mail server of the tests: speaks SMTP on a socket of its own, keeps what it took, refuses when told to."""

import socketserver
import threading
from email import message_from_bytes
from email.policy import default


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 mail.example.cn")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word in (b"QUIT",):
                self._say("221 bye")
                return
            if word == b"RCPT" and self.server.refusals:
                self.server.refusals -= 1
                self._say("550 no such mailbox")
            elif word == b"DATA":
                self._say("354 go on")
                self.server.taken.append(message_from_bytes(self._message(), policy=default))
                self._say("250 taken")
            else:
                self._say("250 ok")

    def _message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """The server; `refusals` is how many recipients it refuses before it takes one."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken, self.refusals = [], 0
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)
        self.thread.start()

    @property
    def settings(self):
        """What config.py would read for this server."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": self.server_address[1],
            "SMTP_SECURITY": "NONE",
            "SMTP_FROM": "ssj@example.cn",
        }

    def stop(self):
        self.shutdown()
        self.server_close()
        self.thread.join(5)
