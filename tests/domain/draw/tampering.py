"""Ways to change a bundle."""

from __future__ import annotations

import hashlib
import io
import zipfile

from app.domain.draw.bundle import write_zip


def unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Zip as anybody's program does: no seal, other order, today's clock."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in reversed(files.items()):
            archive.writestr(name, content)
    return out.getvalue()


def seal(files: dict[str, bytes]) -> bytes:
    """Zip as we do, with a new manifest: what a skilled forger would publish."""
    out = io.BytesIO()
    write_zip({name: content for name, content in files.items() if name != "manifest.txt"}, out)
    return out.getvalue()


def flip(content: bytes, place: int, by: int) -> bytes:
    return content[:place] + bytes([content[place] ^ by]) + content[place + 1 :]


def numbers(name: str, count: int) -> list[int]:
    """Fixed pseudo-random numbers below 2**64."""
    return [int.from_bytes(hashlib.sha256(f"{name} {n}".encode()).digest()[:8], "big") for n in range(count)]
