#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the cases of this folder: commands and exactly what they print.

A case file holds blocks that begin with a line "$ COMMAND"; what follows is the expected output (standard output, then
standard error), and a line "? N" at its end the exit status (0 where it is left out). Digests
and the folders of build, data and output are replaced by <sha256>, BUILD, DATA and OUT. `--update` writes what is printed now: read the difference before committing.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def blocks(text):
    """(command, expected output, exit status) of each block, and the comment lines before the first."""
    parts = re.split(r"^\$ ", text, flags=re.M)
    for part in parts[1:]:
        command, _, rest = part.partition("\n")
        status = re.search(r"^\? (\d+)\n", rest, flags=re.M)
        yield command, re.sub(r"^\? \d+\n", "", rest, flags=re.M), int(status.group(1)) if status else 0


def run(command, build, folder):
    environment = dict(os.environ, LC_ALL="C.UTF-8", SUBSTANCES=str(HERE.parent.parent / "reference-spectra" / "substances.tsv"),
                       PATH=f"{build}/bin:{os.environ['PATH']}", OUT=str(folder), DATA=str(HERE.parent / "data"))
    done = subprocess.run(["bash", "-c", command], cwd=HERE.parent / "data", env=environment, capture_output=True)
    text = (done.stdout + done.stderr).decode("utf-8")
    text = re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", text)
    for path, word in ((folder, "OUT"), (build, "BUILD"), (HERE.parent / "data", "DATA")):
        text = text.replace(str(path), word)
    return text, done.returncode


def render(command, output, status):
    return f"$ {command}\n{output}" + (f"? {status}\n" if status else "")


def check_case(path, build, update):
    text = path.read_text(encoding="utf-8")
    head = re.split(r"^\$ ", text, maxsplit=1, flags=re.M)[0]
    wrong, written = 0, head
    with tempfile.TemporaryDirectory() as folder:
        for command, expected, status in blocks(text):
            output, code = run(command, build, folder)
            written += render(command, output, code) + ("\n" if expected.endswith("\n\n") and update else "")
            if (output.rstrip("\n"), code) != (expected.rstrip("\n"), status):
                wrong += 1
                if not update:
                    print(f"{path.name}: $ {command}\n--- expected (exit {status})\n{expected}--- printed (exit {code})\n{output}")
    if update:
        path.write_text(written, encoding="utf-8")
    return wrong


def check_schema(build):
    """Every JSON object that identify prints for the sample files follows the schema."""
    import jsonschema
    schema = json.loads((HERE.parent.parent / "docs" / "identification.schema.json").read_text())
    samples = sorted((HERE.parent / "data").glob("*.msp")) + sorted((HERE.parent / "data").glob("*.spectra"))
    done = subprocess.run([f"{build}/bin/spectra", "identify", "--explain", "--format", "jsonl", *map(str, samples)],
                          capture_output=True, text=True)
    lines = done.stdout.splitlines()
    done = subprocess.run([f"{build}/bin/spectra", "identify", "--group", "--format", "jsonl",
                           str(HERE.parent / "data" / "mixture_insource.msp")], capture_output=True, text=True)
    lines += done.stdout.splitlines()
    verdicts = 0
    for line in lines:
        value = json.loads(line)
        jsonschema.validate(value, schema)
        verdicts += "verdict" in value
    print(f"{verdicts} verdicts and {len(lines) - verdicts} failures follow the schema")
    return 0 if verdicts > 0 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="folder of the build")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--schema", action="store_true", help="check the JSON against docs/identification.schema.json")
    parser.add_argument("cases", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    if arguments.schema:
        return check_schema(build)
    cases = arguments.cases or sorted(HERE.glob("*.case"))
    wrong = sum(check_case(path, build, arguments.update) for path in cases)
    if not cases:
        print("no case was found")
    return 0 if cases and (wrong == 0 or arguments.update) else 1


if __name__ == "__main__":
    sys.exit(main())
