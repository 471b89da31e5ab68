"""The bundle verified by the page's own scripts in Chromium, as any reader would."""

from __future__ import annotations

import importlib.util
import shutil
import time
import zipfile
from pathlib import Path

from tests.browser.shelf import SCRIPTS, Shelf, ask_worker


def missing() -> str | None:
    """Why the browser cannot be measured here, or None when it can."""
    if shutil.which("chromium") is None:
        return "no chromium on this machine"
    if importlib.util.find_spec("playwright") is None:
        return "the package playwright is not installed"
    return None if (SCRIPTS / "worker.js").exists() else "the page has no verifier yet"


def verify(bundle: Path) -> float:
    """Seconds on the clock from the first request to the verdict; SystemExit when the page refuses the bundle."""
    from playwright.sync_api import sync_playwright

    shelf = Shelf()
    with zipfile.ZipFile(bundle) as archive:
        shelf.files = {name: archive.read(name) for name in archive.namelist()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{shelf.address}/")
        start = time.perf_counter()
        answer = ask_worker(page)
        seconds = time.perf_counter() - start
        browser.close()
    shelf.close()
    if answer.get("failed"):
        raise SystemExit(str(answer["failed"]))
    return seconds
