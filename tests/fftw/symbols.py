#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where FFTW is: libspectra, shared and static, neither defines nor asks for a name of it; libspectra-fftw asks for some and
shows what its header declares, nothing else."""
import argparse
import pathlib
import re
import subprocess
import sys


def symbols(nm, path, *options):
    text = subprocess.run([nm, "-P", *options, path], check=True, capture_output=True, text=True).stdout
    words = [line.split() for line in text.splitlines() if len(line.split()) > 1]
    return {(word[0].partition("@")[0], word[1]) for word in words}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--header", type=pathlib.Path, required=True)
    parser.add_argument("shared")
    parser.add_argument("static")
    parser.add_argument("fftw")
    options = parser.parse_args()
    of_fftw = {name for name, _ in symbols(options.nm, options.fftw, "-D") if "fftwf_" in name}
    found = [f"{path} knows {name}" for path, dynamic in ((options.shared, ["-D"]), (options.static, []))
             for name, _ in symbols(options.nm, path, *dynamic) if "fftw" in name]
    shown = {name for name, kind in symbols(options.nm, options.fftw, "-D", "--defined-only") if kind.isupper()}
    declared = set(re.findall(r"SPECTRA_API[^;]*?\b(spectra_fftw_\w+)\(", options.header.read_text(encoding="utf-8")))
    found += [f"{name} is declared or shown, not both" for name in sorted(shown ^ declared)]
    if not of_fftw or not declared:
        found.append("libspectra-fftw uses nothing of FFTW")
    print("\n".join([*found, f"{len(found)} breaches"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
