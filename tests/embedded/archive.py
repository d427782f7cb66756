#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The handheld library: what it asks for, how large it is, what stack its functions take.
`archive.py --nm NM --size SIZE --stack FOLDER [--text BYTES] ARCHIVE`; `--self-test CC` shows that a call is found.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "portability"))
import symbols  # noqa: E402

# Arithmetic that a processor has no instructions for is the compiler's own.
COMPILER = re.compile(r"__aeabi_\w+|__(u?div|u?mod|mul|ashl|lshr|ashr|clz|ctz|popcount|float|fix)\w+|__cpu_model|__getauxval|"
                      r"__aarch64_\w+|__gcov\w*|__tsan_\w+")
LARGEST_FRAME = 16384


def calls(nm, archive):
    undefined, defined = symbols.symbols(nm, archive)
    return sorted(symbol for symbol in undefined - defined - symbols.EVERYWHERE
                  if not symbols.ADDED.fullmatch(symbol) and not COMPILER.fullmatch(symbol))


def sizes(size, archive):
    """Bytes of code, of constants, and of what must be in memory."""
    text = subprocess.run([size, "-A", str(archive)], check=True, capture_output=True, text=True).stdout
    parts = {"code": r"\.text", "constants": r"\.(rodata|data\.rel\.ro)", "memory": r"\.(data|bss)"}
    found = dict.fromkeys(parts, 0)
    for name, count in re.findall(r"^(\.\S+)\s+(\d+)", text, re.MULTILINE):
        part = next((part for part, pattern in parts.items() if re.match(pattern, name)), None)
        if part:
            found[part] += int(count)
    return found


def frames(folder):
    """(bytes, function, how) of each function."""
    found = [line.split("\t") for path in sorted(folder.rglob("*.su")) for line in path.read_text().splitlines()]
    return sorted(((int(size), place.split(":")[-1], how) for place, size, how in found), reverse=True)


def self_test(compiler, nm):
    with tempfile.TemporaryDirectory() as folder:
        source, archive = pathlib.Path(folder) / "x.c", pathlib.Path(folder) / "x.o"
        banned = ", ".join(symbols.BANNED)
        source.write_text("".join(f"extern void {function}(void);" for function in symbols.BANNED) +
                          f"void memcpy(void); void (*const f[])(void) = {{{banned}, memcpy}};")
        subprocess.run([compiler, "-w", "-fno-builtin", "-c", source, "-o", archive], check=True)
        found = calls(nm, archive)
    return None if found == sorted(symbols.BANNED) else f"found {found} alone"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--size", default="size")
    parser.add_argument("--stack", type=pathlib.Path)
    parser.add_argument("--text", type=int)
    parser.add_argument("--self-test", metavar="CC")
    parser.add_argument("archive", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    if options.self_test:
        return self_test(options.self_test, options.nm)
    found = calls(options.nm, options.archive)
    if found:
        return f"it calls {', '.join(found)}"
    size, largest = sizes(options.size, options.archive), frames(options.stack)
    print(", ".join(f"{part} {count} bytes" for part, count in size.items()))
    print("largest frames: " + ", ".join(f"{function} {count}" for count, function, _ in largest[:5]))
    growing = [function for _, function, how in largest if how not in ("static", "dynamic,bounded")]
    if growing or not largest:
        return f"functions without a fixed frame: {growing}"
    if options.text and size["code"] > options.text:
        return f"more code than {options.text} bytes"
    return f"a frame above {LARGEST_FRAME} bytes" if options.text and largest[0][0] > LARGEST_FRAME else None


if __name__ == "__main__":
    sys.exit(main())
