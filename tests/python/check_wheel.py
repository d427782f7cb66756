#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The wheel serves who has nothing else of the project: it is installed without any index into a fresh environment, where the
README's example prints what the README says, and verdicts are those of the program, byte for byte.
`check_wheel.py --build DIR`"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLES = ["tests/data/fentanyl_ei_noisy.msp", "tests/data/analogue_msms.msp", "tests/data/cocaine_ei_noisy.msp"]
ALL_VERDICTS = """
import sys
import spectra
with spectra.Database.open() as database:
    database.verify()
    for path in sys.argv[1:]:
        for query in spectra.read(path):
            sys.stdout.write(database.identify(query).to_json())
"""
WHERE = "import spectra._library as l; print(l.C._name); print(l.data_file('reference.spdb'))"


def expect(condition, words):
    if not condition:
        sys.exit(f"check_wheel: {words}")


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    expect(done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def readme_example():
    """The code of the section on Python, and what it says that it prints."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Python\n")[1].split("\n## ")[0]
    code, _, rest = section.partition("\nprints\n")
    printed = [line[4:] for line in rest.split("\n`./dev")[0].splitlines() if line.startswith("    ")]
    return textwrap.dedent(code).strip() + "\n", "\n".join(printed) + "\n"


def check_contents(wheel, build):
    expect(wheel.name.endswith("-py3-none-linux_" + os.uname().machine + ".whl"), f"its name is {wheel.name}")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            for folder in (ROOT, build):
                expect(os.fsencode(folder) not in content, f"{name} names {folder}")
            expect(b"fftw" not in content.lower() or name.endswith(".py"), f"{name} has to do with FFTW")


def install(wheel, folder):
    """The interpreter of a fresh environment that has the wheel; numpy is the system's."""
    run(sys.executable, "-m", "venv", "--system-site-packages", "--without-pip", folder / "fresh")
    python = folder / "fresh" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel)
    return python


def check_library(python, folder, clean):
    library, reference = run(python, "-c", WHERE, cwd=folder, env=clean).splitlines()
    for path in (library, reference):
        expect(path.startswith(str(folder / "fresh")), f"{path} is used, which is not the wheel's")
    needed = [line.split("[")[1].rstrip("]") for line in run("readelf", "-d", library).splitlines() if "(NEEDED)" in line]
    expect(all(name.startswith(("libc.so", "ld-linux")) for name in needed), f"the library needs {needed}")
    return reference


def check(build, maker):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        wheel = pathlib.Path(run(sys.executable, "-B", maker, "--build", build, "--out", folder / "wheel").strip())
        check_contents(wheel, build)
        python = install(wheel, folder)
        clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        reference = check_library(python, folder, clean)
        for sample in SAMPLES:
            (folder / sample).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / sample, folder / sample)
        code, printed = readme_example()
        said = run(python, "-c", code, cwd=folder, env=clean)
        expect(said == printed, f"the README's example prints\n{said}and the README says\n{printed}")
        mine = run(python, "-c", ALL_VERDICTS, *SAMPLES, cwd=folder, env=clean)
        theirs = run(build / "bin" / "spectra", "identify", "--db", reference, "--format", "jsonl", *SAMPLES, cwd=folder)
        expect(mine == theirs and mine.count("\n") >= len(SAMPLES), "verdicts are not those of the program")
        print(f"{wheel.name}: {mine.count(chr(10))} verdicts are those of the program")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    check(parser.parse_args().build.resolve(), ROOT / "bindings" / "python" / "wheel.py")


if __name__ == "__main__":
    main()
