#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at case reports in headless Chromium: on screen and as A4, with no message on the console and nothing fetched.

Exit status 77 where Chromium is not installed. `--keep DIR` leaves the pictures there to be looked at.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
         "--enable-logging=stderr"]
A4 = (595, 842)


def browse(browser, folder, page, *options):
    """Messages on the console, and the addresses asked for that are not the page itself or the browser's own."""
    log = folder / "net.json"
    done = subprocess.run([browser, *QUIET, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", *options,
                           page.as_uri()], capture_output=True, text=True, timeout=120)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    text = log.read_text(errors="replace") if log.exists() else ""
    asked = {url for url in re.findall(r'"url":"([^"]*)"', text)
             if url.startswith(("http", "ws", "ftp")) and "google" not in url}
    if not text:
        console.append("no log of the network was written")
    return console, asked


def look(browser, folder, page):
    """What is wrong with a page, in words."""
    picture, paper = page.with_suffix(".png"), page.with_suffix(".pdf")
    wrong = []
    for options in ([f"--screenshot={picture}", "--window-size=1100,3600"],
                    [f"--print-to-pdf={paper}", "--no-pdf-header-footer"]):
        console, asked = browse(browser, folder, page, *options)
        wrong += [f"console: {line}" for line in console] + [f"fetched: {url}" for url in asked]
    if not picture.exists() or picture.stat().st_size < 20000:
        wrong.append("the screenshot is missing or empty")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper.read_bytes() if paper.exists() else b"")
    if len(boxes) < 2 or any(abs(float(b[i]) - A4[i]) > 1.5 for b in boxes for i in (0, 1)):
        wrong.append(f"not pages of A4: {boxes}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of the build")
    parser.add_argument("--keep", type=pathlib.Path)
    arguments = parser.parse_args()
    browser = shutil.which("chromium")
    if not browser:
        print("skipped: chromium is not installed")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shown = arguments.keep.resolve() if arguments.keep else folder
        shown.mkdir(exist_ok=True)
        cases = {language: ["--lang", language, DATA / "fentanyl_ei_noisy.msp", DATA / "analogue_msms.msp"]
                 for language in ("en", "es", "fr")}
        cases["markup"] = ["--track", "ei", "--case", "<img src=http://127.0.0.1:9/x>", HERE.parent / "cli" / "markup.msp"]
        for case, words in cases.items():
            page = shown / f"{case}.html"
            subprocess.run([arguments.build / "bin" / "spectra", "report", "--date", "2026-11-24", *words, "-o", page],
                           check=True)
            wrong = look(browser, folder, page)
            print(f"{case}: {'; '.join(wrong) or 'as it should be'}")
            failed += bool(wrong)
        # The looking itself sees what a page may not do.
        page = folder / "bad.html"
        page.write_text("<img src=http://127.0.0.1:9/x><script>console.error('seen')</script>")
        console, asked = browse(browser, folder, page, f"--screenshot={folder / 'bad.png'}")
        if not asked or not any("seen" in line for line in console):
            print(f"what a bad page does goes unseen: {console} {asked}")
            failed += 1
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
