"""Takes README's picture of the front page: python -m tests.deploy.picture"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.embedded import running

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "front.png"
WIDTH, HEIGHT = 1280, 800


def main() -> int:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("There is no Chromium on this machine. Install with: apt-get install chromium\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="samskaping picture ", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        portal = running.Portal(data, Path(folder) / "output.log", DEBUG="0")
        try:
            portal.wait_ready()
            with sync_playwright() as playwright:
                # Chromium's own sandbox does not run as root.
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="nb-NO"
                )
                page.goto(f"http://localhost:{portal.port}/", wait_until="networkidle")
                page.evaluate("document.fonts.ready")
                PICTURE.parent.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=PICTURE)
                browser.close()
        finally:
            portal.end()
            running.kill_all(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
