#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The library and the second reader say the same of a database, line by line, and the second reader refuses it once a
byte is changed. `compare.py DUMP DATABASE`
"""
import pathlib
import subprocess
import sys
import tempfile

READER = [sys.executable, "-B", str(pathlib.Path(__file__).with_name("read_spdb.py"))]


def lines_of(command, database):
    done = subprocess.run([*command, database], capture_output=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[-1]} failed: {done.stderr.decode()}")
    return done.stdout.decode("utf-8").split("\n")


def differences(ours, theirs):
    if len(ours) != len(theirs):
        yield f"the library prints {len(ours)} lines, the second reader {len(theirs)}"
    for number, (one, other) in enumerate(zip(ours, theirs), 1):
        if one != other:
            yield f"line {number}:\n  library:       {one[:300]}\n  second reader: {other[:300]}"


def unseen_change(data, folder):
    """A position whose changed byte the reader does not see; None where it sees them all."""
    path = folder / "changed.spdb"
    for at in {0, 9, 12, 17, 40, 230, 260, 300, len(data) // 3, len(data) // 2, len(data) - 40, len(data) - 1}:
        changed = bytearray(data)
        changed[at] ^= 1
        path.write_bytes(changed)
        if subprocess.run([*READER, path], capture_output=True).returncode == 0:
            return at
    return None


def main():
    dump, database = sys.argv[1:]
    ours, theirs = lines_of([dump], database), lines_of(READER, database)
    found = list(differences(ours, theirs))
    with tempfile.TemporaryDirectory() as folder:
        at = unseen_change(pathlib.Path(database).read_bytes(), pathlib.Path(folder))
    if at is not None:
        found.append(f"the second reader does not see that byte {at} is changed")
    count = {kind: sum(line.startswith(kind + "\t") for line in theirs) for kind in ("entry", "substance", "spectrum")}
    peaks = sum(field.count(":") > 0 for line in theirs if line.startswith("spectrum\t") for field in line.split("\t"))
    print("\n".join(found[:10] + [f"{count['entry']} entries, {count['substance']} substances, {count['spectrum']} "
                                  f"spectra with {peaks} peaks: {len(found)} differences"]))
    return 1 if found or not all(count.values()) or peaks == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
