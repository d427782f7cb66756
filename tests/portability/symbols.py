#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the library asks of other libraries is what this page allows, and no more: nothing that reads or prints
numbers, follows the locale, computes in floating point, or allocates behind the allocator's back. Judged by the
symbols of the objects, so no macro or header can hide a call. `symbols.py --nm NM OBJECT…`; `--self-test CC` shows that
a call of any other function is found.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

# Of any file.
EVERYWHERE = {"memchr", "memcmp", "memcpy", "memmove", "memset", "strchr", "strcmp", "strcspn", "strlen", "strncmp",
              "strpbrk", "strrchr", "strspn", "strstr"}
# Of one file only.
ALLOWED = {
    "base/system.c": {"malloc", "realloc", "free", "getenv", "open", "close", "read", "write", "pwrite", "fstat", "fsync", "mmap", "munmap", "madvise",
                 "rename", "unlink", "getpid", "__errno_location", "newlocale", "freelocale", "strerror_l"},
    "base/digest_sodium.c": {"crypto_hash_sha256_init", "crypto_hash_sha256_update", "crypto_hash_sha256_final"},
    "kernels/kernels.c": {"__cpu_model", "__cpu_features2", "__cpu_indicator_init"},  # which CPU this is
    "io/source.c": {"inflate", "inflateInit2_", "inflateReset", "inflateEnd"},
    "io/arrays.c": {"inflate", "inflateInit2_", "inflateReset", "inflateEnd"},
}
# What compilers add: position-independent code, a shorter memcmp, assert, stack protection, sanitizers, counters of
# coverage.
ADDED = re.compile(r"_GLOBAL_OFFSET_TABLE_|bcmp|_?__(assert_fail|stack_chk_fail|tls_get_addr)|__(asan|ubsan|gcov)_\w+|"
                   r"(__memcpy|__memmove|__memset)_chk")


def symbols(nm, path):
    """(undefined, defined) symbols of an object."""
    text = subprocess.run([nm, "-P", str(path)], check=True, capture_output=True, text=True).stdout
    undefined, defined = set(), set()
    for line in text.splitlines():
        symbol, kind, *_ = line.split() + [""]  # an archive names its member, a word alone
        (undefined if kind in tuple("Uvw") else defined).add(symbol)
    return undefined, defined


def breaches(nm, objects):
    """"floor/file.c calls function", for each call that is not allowed."""
    found = {"/".join(path.parts[-2:]).removesuffix(".o"): symbols(nm, path) for path in objects}
    own = set().union(*(defined for _, defined in found.values()))
    for name, (undefined, _) in sorted(found.items()):
        for symbol in sorted(undefined - own - EVERYWHERE - ALLOWED.get(name, set())):
            if not ADDED.fullmatch(symbol):
                yield f"{name} calls {symbol}"


BANNED = ("strtod", "strtof", "strtold", "atof", "sscanf", "printf", "snprintf", "vsnprintf", "fopen", "setlocale",
          "localeconv", "strtok", "alloca", "pow", "log2", "exp", "sqrt", "malloc", "free", "realloc", "qsort",
          "fftw_execute", "fftwf_plan_dft_1d", "pthread_create", "strerror", "time", "rand")


def self_test(compiler, nm):
    """Each of these is called from a file that may not, and what a file may call from that file."""
    calls = [("text.c", function) for function in BANNED] + [("system.c", "strtod"), ("text.c", "__cpu_model")]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "base"
        folder.mkdir()
        for file, function in [*calls, ("system.c", "malloc"), ("text.c", "memcpy")]:
            (folder / file).write_text(f"extern void {function}(void); void (*f(void))(void) {{ return {function}; }}")
            subprocess.run([compiler, "-w", "-fno-builtin", "-c", file, "-o", file + ".o"], cwd=folder, check=True)
            expected = [f"base/{file} calls {function}"] if (file, function) in calls else []
            if list(breaches(nm, [folder / (file + ".o")])) != expected:
                print(f"{function} in {file} is judged wrongly")
                return 1
    print(f"{len(calls)} calls are found")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--self-test", metavar="CC")
    parser.add_argument("objects", nargs="*", type=pathlib.Path, metavar="OBJECT")
    options = parser.parse_args()
    if options.self_test:
        return self_test(options.self_test, options.nm)
    if not options.objects:
        parser.error("no object is given")
    found = list(breaches(options.nm, options.objects))
    print("\n".join(found + [f"{len(found)} breaches in {len(options.objects)} objects"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
