#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the wheel: the package with a library that needs nothing but the C library, the reference database, and the licences
of what is linked in. Nothing is fetched. `wheel.py --build DIR --out DIR`"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Where the distribution keeps the licences of what the library links.
LINKED_IN = {"libsodium": "/usr/share/doc/libsodium-dev/copyright", "zlib": "/usr/share/doc/zlib1g-dev/copyright"}


def stage(build, folder):
    """All that goes into the wheel, in a folder of its own."""
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(HERE / name, folder)
    package = folder / "spectra"
    shutil.copytree(HERE / "spectra", package, ignore=shutil.ignore_patterns("__pycache__", ".mypy_cache"))
    for part in ("lib", "data", "licences"):
        (package / part).mkdir()
    shutil.copy(build / "python" / "libspectra.so.0", package / "lib")
    for name in ("reference.spdb", "substances.tsv"):
        shutil.copy(build / "share" / "spectra" / name, package / "data")
    shutil.copytree(build / "share" / "spectra" / "knowledge", package / "data" / "knowledge")
    shutil.copy(ROOT / "LICENSE", package / "licences" / "libspectra")
    for name, path in LINKED_IN.items():
        shutil.copy(path, package / "licences" / name)


def make(build, out):
    """The path of the wheel."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as made:
        stage(build, pathlib.Path(folder))
        subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
                        "--disable-pip-version-check", "--wheel-dir", made, folder], check=True)
        wheel, = pathlib.Path(made).iterdir()
        out.mkdir(parents=True, exist_ok=True)
        return pathlib.Path(shutil.copy(wheel, out))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    print(make(arguments.build.resolve(), arguments.out))


if __name__ == "__main__":
    main()
