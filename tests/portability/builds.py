#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One answer on every machine: builds the library by each compiler, at each level of optimisation, without SIMD and for
other processors (run by qemu), and compares. Each build must pass the hash tests (ten million scores; raw doubles to
verdicts) and those of its kernels, build the same reference database byte for byte, and print the same hits and verdicts for every record of
it. `builds.py --folder DIR [NAME…]`
"""
import argparse
import dataclasses
import hashlib
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HASH_TESTS = ("test_score_hash", "test_chain_hash")
KERNEL_TESTS = ("test_kernels", "test_posting_kernels", "test_tile_kernels", "test_entropy_sums")
QUERIES = [str(ROOT / "reference-spectra" / name) for name in ("ei.spectra", "msms.spectra", "insource.spectra")]
DATABASE = "share/spectra/reference.spdb"
COMMANDS = (("identify", "--format", "jsonl"), ("identify", "--format", "text", "--exclude-own-compound"),
            ("search", "--format", "tsv", "--top", "50", "--mode", "similarity", "--exclude-own-compound"))


@dataclasses.dataclass
class Build:
    options: list
    emulator: tuple = ()
    architecture: str = ""  # as Debian names it; empty for this machine
    triple: str = ""
    opens_databases: bool = True


def at_level(compiler, level):
    return Build([f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=None", f"-DCMAKE_C_FLAGS=-{level}"])


def foreign(architecture, triple, opens_databases=True):
    processor = triple.partition("-")[0]
    preset = "aarch64" if architecture == "arm64" else architecture
    return Build(["--preset", preset], (f"qemu-{processor}", "-L", f"/usr/{triple}"), architecture, triple,
                 opens_databases)


BUILDS = {f"{compiler}-{level}": at_level(compiler, level) for compiler in ("gcc", "clang")
          for level in ("O0", "O1", "O2", "O3")}
BUILDS |= {"scalar": Build(["--preset", "scalar"]), "aarch64": foreign("arm64", "aarch64-linux-gnu"),
           "armhf": foreign("armhf", "arm-linux-gnueabihf"),
           "s390x": foreign("s390x", "s390x-linux-gnu", opens_databases=False)}


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, **options)
    if done.returncode != 0:
        printed = (done.stdout + done.stderr).decode(errors="replace")
        raise SystemExit(f"{' '.join(map(str, command))}:\n{printed[-5000:]}")
    return done.stdout


def make(build, folder):
    environment = dict(os.environ)
    if build.triple:
        sysroot = folder.parent / f"sysroot-{build.architecture}"
        run([ROOT / "tests" / "portability" / "sysroot.sh", build.architecture, build.triple, sysroot])
        environment["SPECTRA_SYSROOT"] = str(sysroot)
    run(["cmake", "-G", "Ninja", "-S", ROOT, "-B", folder, "-DSPECTRA_TESTS=ON", *build.options], cwd=ROOT,
        env=environment)
    targets = [*HASH_TESTS, *KERNEL_TESTS, "spectra-cli"] + ["reference-database"] * build.opens_databases
    run(["cmake", "--build", folder, "--target", *targets])


def answers(build, folder):
    """What the build says: the hash of the database, and one of each command's output."""
    for test in HASH_TESTS + KERNEL_TESTS:
        run([*build.emulator, folder / "tests" / test])
    if not build.opens_databases:
        return ()
    said = [(folder / DATABASE).read_bytes()]
    for command in COMMANDS:
        words = [*build.emulator, "bin/spectra", *command, "--db", DATABASE, *QUERIES]
        done = subprocess.run(words, cwd=folder, capture_output=True)
        said.append(done.stdout and done.stdout + done.stderr + str(done.returncode).encode())
    if not all(said):
        raise SystemExit(f"{folder.name}: a command prints nothing")
    return tuple(hashlib.sha256(part).hexdigest()[:16] for part in said)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("names", nargs="*", choices=[[], *BUILDS])
    options = parser.parse_args()
    print(f"{'build':10} {'hashes':7} {'database':17}{'verdicts':17}{'without own':17}{'hits':17}")
    different, first = 0, ()
    for name in options.names or BUILDS:
        folder = options.folder.resolve() / name
        make(BUILDS[name], folder)
        said = answers(BUILDS[name], folder)
        first = first or said
        different += said not in ((), first)
        print(f"{name:10} {'same':7} {' '.join(said) or 'refused on big-endian machines'}", flush=True)
    print(f"{different} builds differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
