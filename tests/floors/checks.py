#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of the house that a compiler does not check.

1. No file includes upward: a floor knows itself and lower ones, bindings know public headers only.
2. Each source file begins with its licence.
3. The library calls nothing that depends on a locale, allocates behind the allocator's back, or prints.
4. No file names a machine's folders or marks work as unfinished.

`checks.py ROOT` checks a tree, with or without git; `checks.py --self-test` shows that each rule can fail.
"""

import argparse
import os
import pathlib
import re
import sys
import tempfile
import unittest

# Two floors of the same number do not know each other.
FLOORS = {"base": 0, "kernels": 1, "peaks": 2, "chem": 3, "signal": 3, "spectrum": 4, "io": 5, "db": 6, "search": 7,
          "identify": 8, "report": 9}
PUBLIC_FLOORS = {"status.h": 0, "memory.h": 0, "version.h": 0, "tolerance.h": 2, "fft.h": 3, "profile.h": 3, "transient.h": 3, "session.h": 3, "spectrum.h": 4, "prepare.h": 4,
                 "io.h": 5, "database.h": 6, "search.h": 7, "identify.h": 8, "alarm.h": 8, "mixture.h": 8, "report.h": 9, "spectra.h": 9}

PRINTING = {"printf", "fprintf", "sprintf", "snprintf", "dprintf", "vprintf", "vfprintf", "vsprintf", "vsnprintf"}
ALLOCATING = {"malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign", "strdup", "strndup"}
NEVER = {"strtod", "strtof", "strtold", "atof", "atoi", "atol", "atoll", "scanf", "sscanf", "fscanf", "strtok",
         "strtok_r", "setlocale", "alloca"}
ALLOCATING_FILE = "libspectra/base/system.c"
PRINTING_FILE = "libspectra/base/tables_generate.c"  # runs on the build machine and is no part of the library

LICENCE = "SPDX-License-" "Identifier: Apache-2.0"
# FFTW is under the GPL; all that links it stands in this folder.
GPL_FOLDER, GPL_PROGRAM = "libspectra-fftw", "tests/install/fftw.c"
# Libraries beside the core: they know its public headers, and it knows nothing of them.
BESIDE = (GPL_FOLDER, "libspectra-plot")
GPL_LICENCE = "SPDX-License-" "Identifier: GPL-3.0-or-later"
SOURCE_SUFFIXES = {".c", ".h", ".py", ".sh", ".cmake"}
SKIPPED_FOLDERS = {".git", "build", "__pycache__"}

# Written in two pieces each, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b|(?i:\bplace" r"holders?\b)")
MACHINE_PATH = re.compile(r"(?<![\w./\-}>])/(wo" r"rk|t" r"mp|ho" r"me|ro" r"ot|Us" r"ers)\b(?!-)|\b[A-Z]:\\Us" r"ers")

# A comment, a string or a character constant; what is none of these is code.
NOT_CODE = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
INCLUDE = re.compile(r"""^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]""", re.MULTILINE)
NAME = re.compile(r"(->|\.)?\s*\b([A-Za-z_]\w*)\b")


def find_files(root):
    """Every file of the tree as a path relative to it, with '/' on every system."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED_FOLDERS)
        for name in sorted(set(names) - SKIPPED_FOLDERS):  # in a worktree .git is a file
            yield (pathlib.Path(folder) / name).relative_to(root).as_posix()


def read_text(path):
    """The text of a file; None for what is no text."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def without(pattern, text):
    """The text with all that matches blanked out, line ends kept."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def without_comments(text):
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()) if match.group()[0] == "/"
                        else match.group(), text)


def is_c(name):
    return name.endswith((".c", ".h"))


# 1. Floors.

def place_of(name):
    """(floor, folder) of a file of the library or of a public header; None for any other and for an unknown one."""
    parts = name.split("/")
    if parts[0] == "libspectra" and len(parts) == 3 and parts[1] in FLOORS:
        return FLOORS[parts[1]], parts[1]
    if parts[:2] == ["include", "spectra"] and len(parts) == 3 and parts[2] in PUBLIC_FLOORS:
        return PUBLIC_FLOORS[parts[2]], "public"
    return None


def resolve_include(root, name, quote, target):
    """The project file that an include names; None for a system header, "" for a project file that is not there."""
    beside = (pathlib.PurePosixPath(name).parent / target).as_posix()
    for candidate in (beside, "include/" + target, "libspectra/" + target, "tests/" + target,
                      *(f"{folder}/{target}" for folder in BESIDE)):
        if ".." not in candidate.split("/") and (root / candidate).is_file():
            return candidate
    top = target.split("/")[0]
    return "" if quote == '"' or top in FLOORS or top == "spectra" else None


def may_include(name, included):
    """Why a file may not include another, or None."""
    public = included.startswith(("include/spectra/", *(f"{folder}/spectra/" for folder in BESIDE)))
    top = name.split("/")[0]
    if top in ("bindings", *BESIDE):
        depth = 1 if top in BESIDE else 2
        own = included.split("/")[:depth] == name.split("/")[:depth]
        return None if public or own else "a binding knows public headers only"
    if top not in ("libspectra", "include"):
        return None
    place, other = place_of(name), place_of(included)
    if place is None or other is None:
        return "stands on no floor" if place is None else f"{included} stands on no floor"
    if top == "include" and not public:
        return "a public header knows public headers only"
    if other[0] > place[0]:
        return f"upward, from floor {place[0]} to floor {other[0]}"
    if other[0] == place[0] and "public" not in (place[1], other[1]) and other[1] != place[1]:
        return f"{place[1]} and {other[1]} do not know each other"
    return None


def check_floors(root, name, text):
    if not is_c(name):
        return
    if name.startswith(("libspectra/", "include/")) and place_of(name) is None:
        yield 1, "stands on no floor"
        return
    code = without_comments(text)
    for match in INCLUDE.finditer(code):
        included = resolve_include(root, name, match.group(1), match.group(2))
        if included is None:
            continue
        reason = may_include(name, included) if included else "there is no such file"
        if reason:
            yield line_of(code, match.start()), f"includes {match.group(2)}: {reason}"


# 2. Licences.

def is_source(name, text):
    path = pathlib.PurePosixPath(name)
    return path.suffix in SOURCE_SUFFIXES or path.name == "CMakeLists.txt" or text.startswith("#!")


def check_licence(root, name, text):
    del root
    if not is_source(name, text):
        return
    lines = text.split("\n")
    first = 1 if lines[0].startswith("#!") else 0
    licence = GPL_LICENCE if name.startswith(GPL_FOLDER + "/") or name == GPL_PROGRAM else LICENCE
    if first >= len(lines) or licence not in lines[first]:
        yield first + 1, f"does not begin with {licence}"


# 3. Calls.

def check_calls(root, name, text):
    del root
    if not name.startswith("libspectra/") or not is_c(name):
        return
    banned = NEVER | (PRINTING if name != PRINTING_FILE else set())
    banned |= ALLOCATING if name != ALLOCATING_FILE else set()
    for match in INCLUDE.finditer(without_comments(text)):
        if match.group(2) in ("math.h", "tgmath.h") and not name.startswith("libspectra/signal/"):
            yield line_of(text, match.start()), f"includes {match.group(2)}"
    code = without(INCLUDE, without(NOT_CODE, text))
    for match in NAME.finditer(code):
        if match.group(2) in banned and not match.group(1):
            yield line_of(code, match.start(2)), f"uses {match.group(2)}"


# 4. Words.

def check_words(root, name, text):
    del root, name
    for pattern, what in ((UNFINISHED, "unfinished work"), (MACHINE_PATH, "a machine's folder")):
        for match in pattern.finditer(text):
            yield line_of(text, match.start()), f"{what}: {match.group()}"


CHECKS = (check_floors, check_licence, check_calls, check_words)


def check_tree(root):
    """Every breach in the tree: "file:line: what"."""
    breaches = []
    for name in find_files(root):
        text = read_text(root / name)
        if text is None:
            continue
        for check in CHECKS:
            breaches += [f"{name}:{line}: {what}" for line, what in check(root, name, text)]
    return breaches


C_LICENCE = f"/* {LICENCE} */\n"
# Small trees: the files to write, and the breaches to be found.
GOOD = {
    "include/spectra/status.h": C_LICENCE,
    "include/spectra/spectrum.h": C_LICENCE + '#include "spectra/status.h"\n#include "spectra/prepare.h"\n',
    "include/spectra/prepare.h": C_LICENCE,
    "include/spectra/spectra.h": C_LICENCE + '#include "spectra/spectrum.h"\n',
    "libspectra/base/bytes.h": C_LICENCE + "#include <stdint.h>\n",
    "libspectra/base/system.c": C_LICENCE + "void *f(void) { return malloc(1); }\n",
    "libspectra/chem/chem.h": C_LICENCE + '#include "base/bytes.h"\n',
    "libspectra/signal/fft.c": C_LICENCE + "#include <math.h>\n",
    "libspectra/spectrum/raw.c": C_LICENCE + '#include "spectra/spectrum.h"\n#include "chem/chem.h"\n',
    "libspectra-fftw/spectra/fftw.h": f"/* {GPL_LICENCE} */\n" + '#include "spectra/status.h"\n',
    "libspectra-plot/spectra/plot.h": C_LICENCE + '#include "spectra/status.h"\n',
    "libspectra-plot/drawing.c": C_LICENCE + '#include "drawing.h"\n#include "spectra/plot.h"\n',
    "libspectra-plot/drawing.h": C_LICENCE,
    "bindings/cli/fft.c": C_LICENCE + '#include "spectra/fftw.h"\n',
    "bindings/cli/options.h": C_LICENCE + '#include "spectra/spectra.h"\n',
    "bindings/cli/main.c": C_LICENCE + '#include "options.h"\nint printf(const char *, ...);\n',
    "tests/unit/base/test_bytes.c": C_LICENCE + '#include "base/bytes.h"\n',
    "tools/run": f"#!/bin/sh\n# {LICENCE}\n",
    "CMakeLists.txt": f"# {LICENCE}\n",
    "docs/guide.md": "See https://example.org/ho" "me/ and docs/wo" "rk/.\n",
    "build/scratch.c": "int x; // TO" "DO\n",
}


class SelfTest(unittest.TestCase):
    def breaches(self, changes):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in (GOOD | changes).items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
            return check_tree(root)

    def assert_breach(self, name, text, expected):
        """Exactly one breach, and it names the file, the line and the reason."""
        found = self.breaches({name: text})
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(name + ":"), found)
        self.assertIn(expected, found[0])

    def assert_include_breach(self, name, target, expected):
        self.assert_breach(name, C_LICENCE + f'#include "{target}"\n', f":2: includes {target}: {expected}")

    def test_a_tree_that_keeps_the_rules_passes(self):
        self.assertEqual(self.breaches({}), [])

    def test_an_include_upward_is_found(self):
        self.assert_include_breach("libspectra/base/text.c", "chem/chem.h", "upward, from floor 0 to floor 3")
        self.assert_include_breach("libspectra/base/text.c", "spectra/spectrum.h", "upward, from floor 0 to floor 4")
        self.assert_include_breach("include/spectra/status.h", "spectra/prepare.h", "upward, from floor 0 to floor 4")

    def test_floors_of_the_same_number_do_not_know_each_other(self):
        self.assert_include_breach("libspectra/signal/axis.c", "chem/chem.h", "signal and chem do not know each other")

    def test_a_public_header_knows_public_headers_only(self):
        self.assert_include_breach("include/spectra/search.h", "base/bytes.h", "a public header knows")

    def test_a_binding_knows_public_headers_only(self):
        self.assert_include_breach("bindings/cli/main.c", "base/bytes.h", "a binding knows")

    def test_the_library_knows_nothing_under_the_gpl(self):
        self.assert_include_breach("libspectra/chem/adduct.c", "spectra/fftw.h", "libspectra-fftw/spectra/fftw.h stands on no floor")
        self.assert_include_breach("include/spectra/status.h", "spectra/fftw.h", "libspectra-fftw/spectra/fftw.h stands on no floor")
        self.assert_breach("libspectra-fftw/a.c", C_LICENCE, "does not begin with")

    def test_the_library_of_pictures_stands_beside_the_core(self):
        self.assert_include_breach("libspectra/chem/adduct.c", "spectra/plot.h", "libspectra-plot/spectra/plot.h stands on no floor")
        self.assert_include_breach("libspectra-plot/svg.c", "base/bytes.h", "a binding knows")

    def test_an_include_of_a_file_that_is_not_there_is_found(self):
        self.assert_include_breach("libspectra/chem/adduct.c", "base/byte.h", "there is no such file")
        self.assert_include_breach("tests/unit/base/test_text.c", "base/byte.h", "there is no such file")
        self.assert_breach("bindings/cli/main.c", C_LICENCE + "#include <spectra/byte.h>\n", "no such file")

    def test_angle_brackets_hide_no_include(self):
        self.assert_breach("libspectra/base/text.c", C_LICENCE + "# include <chem/chem.h>\n", "upward")

    def test_a_file_outside_the_floors_is_found(self):
        for name in ("libspectra/misc/a.c", "libspectra/a.c", "include/spectra/misc.h", "libspectra/io/msp/a.c"):
            self.assert_breach(name, C_LICENCE, "stands on no floor")

    def test_a_comment_includes_nothing(self):
        text = C_LICENCE + '/*\n#include "chem/chem.h"\n*/\n'
        self.assertEqual(self.breaches({"libspectra/base/text.c": text}), [])

    def test_a_source_file_without_its_licence_is_found(self):
        for name, text in (("libspectra/base/text.c", "int x;\n"), ("tools/a.py", ""), ("tools/b.sh", "#!/bin/sh\n"),
                           ("tools/c", "#!/bin/sh\nset -e\n"), ("cmake/d.cmake", "\n"), ("docs/CMakeLists.txt", "x\n"),
                           ("libspectra/base/late.c", "\n" + C_LICENCE)):
            self.assert_breach(name, text, "does not begin with")

    def test_a_banned_call_is_found(self):
        for call in sorted(NEVER | PRINTING | ALLOCATING):
            self.assert_breach("libspectra/io/msp.c", C_LICENCE + f"int f(void) {{\n    return {call} (x);\n}}\n",
                               f":3: uses {call}")
        self.assert_breach("libspectra/io/msp.c", C_LICENCE + "void *(*f)(size_t) = malloc;\n", "uses malloc")
        self.assert_breach("libspectra/io/msp.c", C_LICENCE + "#include <math.h>\n", "includes math.h")
        self.assert_breach("libspectra/base/system.c", C_LICENCE + "int x = atoi(y);\n", "uses atoi")

    def test_a_word_in_a_comment_a_string_or_a_member_is_no_call(self):
        text = C_LICENCE + '/* malloc(1) */ // free(x)\nchar *a = "\\"printf(1)"; int b = c->free(d), e = f.atoi;\n'
        self.assertEqual(self.breaches({"libspectra/io/msp.c": text}), [])

    def test_a_name_that_only_contains_a_banned_one_is_no_call(self):
        text = C_LICENCE + "void io_free(void *x); int snprintf_length;\n"
        self.assertEqual(self.breaches({"libspectra/io/msp.c": text}), [])

    def test_the_table_generator_may_print_and_nothing_else(self):
        self.assertEqual(self.breaches({PRINTING_FILE: C_LICENCE + "int x = printf(y);\n"}), [])
        self.assert_breach(PRINTING_FILE, C_LICENCE + "void *x = malloc(1);\n", "uses malloc")

    def test_unfinished_work_is_found(self):
        for word in ("TO" "DO", "FIX" "ME", "Place" "holder", "place" "holders"):
            self.assert_breach("docs/a.md", f"One line.\n{word}: more\n", f":2: unfinished work: {word}")

    def test_a_folder_of_a_machine_is_found(self):
        for path in ("/wo" "rk/x", "/t" "mp", "/ho" "me/someone", "/ro" "ot/.cache", "/Us" "ers/x", "C:\\Us" "ers\\x"):
            self.assert_breach("docs/a.md", f"Look in {path} for it.\n", "a machine's folder")
            self.assert_breach("docs/b.md", f"Look in '{path}' or so.\n", "a machine's folder")
            self.assert_breach("docs/c.md", f"Look in {path}.\n", "a machine's folder")

    def test_what_is_no_text_is_left_alone(self):
        self.assertEqual(self.breaches({"tests/data/a.bin": b"\0TO" b"DO", "tests/data/b.msp": b"\xffTO" b"DO"}), [])


def main():
    parser = argparse.ArgumentParser(description="Checks the rules of the house.")
    parser.add_argument("root", nargs="?", type=pathlib.Path, metavar="ROOT")
    parser.add_argument("--self-test", action="store_true", help="show on small trees that each rule can fail")
    options = parser.parse_args()
    if options.self_test == (options.root is not None):
        parser.error("give a tree or --self-test")
    if options.self_test:
        return 0 if unittest.main(argv=[sys.argv[0]], exit=False).result.wasSuccessful() else 1
    breaches = check_tree(options.root.resolve())
    print("\n".join(breaches + [f"{len(breaches)} breaches"]))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
