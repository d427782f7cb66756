#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the public headers promise to whoever links the library.

headers   each header compiles by itself, as C11 and as C++17
rules     types that mean the same everywhere: no long, nothing by value but numbers and pointers, no bit-fields, no
          varargs, options that begin with their size; and for each function its comment: every parameter, what it
          returns, whose that is, which threads may call it
symbols   what the libraries define is what the headers declare, name for name
constants the values of the constants are those of constants.tsv; --renew writes it

Each takes the tree and what it needs; `self-test` shows that each can fail.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wundef", "-Werror")
SONAME = "libspectra.so.0"
VERSION = "SPECTRA_0"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"(?:/\*\*(?P<doc>(?:(?!\*/).)*)\*/\s*)?\bSPECTRA_API\s+(?P<code>[^;{]*);", re.DOTALL)
FUNCTION = re.compile(r"^(?P<result>.*?)\b(?P<name>spectra_\w+)\s*\((?P<parameters>.*)\)$", re.DOTALL)
STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{([^}]*)\}")
# What tells whose a pointer is that a call gives.
OWNER = re.compile(r"\b(yours|borrowed|static storage|in the scratch|likewise)\b")
FOREIGN = re.compile(r"\b(long|short|int|unsigned|signed|bool|_Bool|wchar_t|ssize_t|off_t|time_t|va_list|FILE)\b")


def headers_of(root):
    return sorted((root / "include" / "spectra").glob("*.h"))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def without_comments(text):
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def without_directives(text):
    return re.sub(r"^[ \t]*#.*$", "", text, flags=re.MULTILINE)


class Function:
    """A declaration: its name, what it gives and takes, its comment and line."""

    def __init__(self, text, match):
        parts = FUNCTION.match(" ".join(without_comments(match["code"]).split()))
        self.name, self.result, self.parameters = parts["name"], parts["result"].strip(), []
        if parts["parameters"].strip() != "void":
            self.parameters = [word.strip() for word in parts["parameters"].split(",")]
        self.doc = " ".join((match["doc"] or "").replace("\n *", "\n").split())
        self.line = line_of(text, match.start("code"))

    def parameter_names(self):
        names = [re.search(r"(\w+)\s*(?:\[\d*\])?$", parameter) for parameter in self.parameters]
        return [name.group(1) for name in names if name]

    def said_of(self, tag):
        """What the comment says after a tag, up to the next."""
        match = re.search(tag + r"((?:(?!@param|@return|Thread safety:).)*)", self.doc)
        return match.group(1) if match else ""


def functions_of(text):
    return [Function(text, match) for match in DECLARATION.finditer(text)]


# headers

def compile_alone(root, compilers):
    """Breaches of "each header compiles by itself"."""
    breaches = []
    for header in headers_of(root):
        for compiler, language, standard in compilers:
            source = f'#include "spectra/{header.name}"\n'
            command = [compiler, "-x", language, f"-std={standard}", *WARNINGS, "-I", str(root / "include"),
                       "-fsyntax-only", "-"]
            result = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
            if result.returncode != 0:
                breaches.append(f"{header.name} by {compiler} as {standard}: {result.stderr.strip()}")
    return breaches


def check_headers(options):
    return compile_alone(options.root, ((options.cc, "c", "c11"), (options.cc, "c++", "c++17")))


# rules

def type_breaches(code, structs):
    """What a type or a parameter may not be."""
    if FOREIGN.search(code):
        yield f"{FOREIGN.search(code).group()}: its size depends on the machine"
    if "..." in code:
        yield "varargs"
    first = re.sub(r"\bconst\b|\bstruct\b|\bSPECTRA_API\b", "", code).split()
    if first and first[0] in structs and "*" not in code:
        yield f"{first[0]} by value"


def function_breaches(function, structs):
    for code in (function.result, *function.parameters):
        for breach in type_breaches(code, structs):
            yield f"{function.name}: {breach}"
    for name in function.parameter_names():
        if not re.search(rf"@param(?:\[\w+\])? (?:\w+,)*{name}\b", function.doc):
            yield f"{function.name}: nothing is said of {name}"
    for parameter, name in zip(function.parameters, function.parameter_names()):
        if "**" in parameter and not OWNER.search(function.said_of(rf"@param(?:\[\w+\])? {name}\b")):
            yield f"{function.name}: nothing is said of whose {name} is"
    if "*" in function.result and not OWNER.search(function.said_of("@return")):
        yield f"{function.name}: nothing is said of whose the result is"
    if function.result != "void" and "@return" not in function.doc:
        yield f"{function.name}: nothing is said of what it returns"
    if "Thread safety:" not in function.doc:
        yield f"{function.name}: nothing is said of threads"


def members_of(body):
    return [" ".join(member.split()) for member in body.split(";") if member.strip()]


def struct_breaches(name, body):
    members = members_of(body)
    for member in members:
        if re.search(r":\s*\d", member):
            yield f"{name}: bit-field {member}"
        for breach in type_breaches(member, ()):
            yield f"{name}: {breach}"
    if name.endswith("_options") and members[0] != "uint32_t size":
        yield f"{name} does not begin with uint32_t size"


def rule_breaches(texts):
    """Breaches in the headers, given as {name: text}."""
    codes = {name: without_directives(without_comments(text)) for name, text in texts.items()}
    structs = {match.group(1) for code in codes.values() for match in re.finditer(r"\bstruct\s+(\w+)", code)}
    breaches = []
    for name, text in texts.items():
        if "/** @file\n" not in text:  # without it the reference leaves the whole header out
            breaches.append(f"{name}: no @file")
        if "SPECTRA_API" in codes[name] and 'extern "C"' not in codes[name]:
            breaches.append(f"{name}: no extern \"C\", so that C++ looks for other names")
        for function in functions_of(text):
            breaches += [f"{name}:{function.line}: {what}" for what in function_breaches(function, structs)]
        for match in STRUCT.finditer(codes[name]):
            breaches += [f"{name}: {what}" for what in struct_breaches(match.group(1), match.group(2))]
        for match in re.finditer(r"\btypedef\b[^;{]*\(\s*\*[^;]*;", codes[name]):
            breaches += [f"{name}: {what}" for what in type_breaches(match.group().replace("typedef", ""), ())]
        breaches += [f"{name}: enum {match.group(1)}: a type of a size that the compiler chooses"
                     for match in re.finditer(r"\benum\s+(\w+)", codes[name])]
    return breaches


def check_rules(options):
    return rule_breaches({path.name: path.read_text(encoding="utf-8") for path in headers_of(options.root)})


# symbols

def run_tool(*command):
    return subprocess.run([str(word) for word in command], text=True, capture_output=True, check=True).stdout


def declared_names(root):
    return {function.name for path in headers_of(root) for function in functions_of(path.read_text(encoding="utf-8"))}


def defined_names(text):
    """Global names of `nm --defined-only` with their version if any; the version itself is absolute (A) and no name."""
    lines = [line.split() for line in text.splitlines()]
    return {words[2] for words in lines if len(words) == 3 and words[1].isupper() and words[1] != "A"}


def compare(title, declared, defined):
    return [f"{title} defines {name}, which no header declares" for name in sorted(defined - declared)] + [
        f"{title} does not define {name}, which a header declares" for name in sorted(declared - defined)]


def check_symbols(options):
    declared = declared_names(options.root)
    shared = defined_names(run_tool(options.nm, "-D", "--defined-only", options.shared))
    versioned = {f"{name}@@{VERSION}" for name in declared}
    breaches = compare("the shared library", versioned, shared)
    static = defined_names(run_tool(options.nm, "--defined-only", options.static))
    breaches += compare("the static library", declared, static)
    if f"[{SONAME}]" not in run_tool("readelf", "-d", options.shared):
        breaches.append(f"the shared library is not called {SONAME}")
    return breaches


# constants

def constant_names(text):
    """Enumeration constants and macros that are numbers, in the order of the header."""
    code = without_comments(text)
    enums = [re.findall(r"\bSPECTRA_\w+", body) for body in re.findall(r"\benum\s*\{([^}]*)\}", code)]
    return [name for names in enums for name in names] + re.findall(r"#define (SPECTRA_\w+) \d", code)


def values_of(root, compiler, names):
    """{name: value} by a compiled program."""
    lines = [f'    printf("{name}\\t%lld\\n", (long long){name});' for name in names]
    source = "\n".join(["#include <stdio.h>", '#include "spectra/spectra.h"', "int main(void) {", *lines, "}"])
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "constants"
        subprocess.run([compiler, "-x", "c", "-std=c11", "-I", str(root / "include"), "-o", str(program), "-"],
                       input=source, text=True, check=True)
        return dict(line.split("\t") for line in run_tool(program).splitlines())


def differing(baseline, values):
    return [f"{name} is {values.get(name, 'not there')}, was {baseline.get(name, 'not there')}"
            for name in sorted(baseline.keys() | values.keys()) if baseline.get(name) != values.get(name)]


def check_constants(options):
    path = options.root / "tests" / "abi" / "constants.tsv"
    names = [name for header in headers_of(options.root) for name in constant_names(header.read_text(encoding="utf-8"))
             if not name.startswith("SPECTRA_VERSION_")]
    values = values_of(options.root, "cc", names)
    if options.renew:
        path.write_text("".join(f"{name}\t{value}\n" for name, value in values.items()), encoding="utf-8")
    return differing(dict(line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()), values)


# self-test

GOOD = """/** @file
   It. */
extern "C" {
/** Options. */
typedef struct spectra_x_options {
    uint32_t size; /**< bytes */
    const char *const *names;
    spectra_status (*write)(void *context, const char *bytes, size_t size);
} spectra_x_options;
/**
 * Does.
 * @param out     yours
 * @param options NULL for all defaults
 * @param digest,name  of it
 * @return SPECTRA_OK
 * Thread safety: any thread.
 */
SPECTRA_API spectra_status spectra_x(const spectra_x_options **out, const spectra_x_options *options,
                                     uint8_t digest[32], const char *name);
"""
# What is changed of it, into what, and the breach that is then found.
BROKEN = (
    ('extern "C"', "", "C++ looks for other names"),
    ("uint8_t digest[32]", "unsigned long digest", "spectra_x: unsigned: its size"),
    ("uint8_t digest[32]", "spectra_x_options digest", "spectra_x_options by value"),
    ("SPECTRA_API spectra_status", "SPECTRA_API spectra_x_options", "spectra_x_options by value"),
    ("const char *name);", "const char *name, ...);", "varargs"),
    ("uint32_t size;", "uint32_t size : 3;", "bit-field uint32_t size : 3"),
    ("uint32_t size;", "size_t size;", "does not begin with uint32_t size"),
    ("uint32_t size;", "uint32_t size; int count;", "spectra_x_options: int: its size"),
    ("/** Options. */", "typedef enum spectra_e { A } spectra_e;", "enum spectra_e"),
    ("/** Options. */", "typedef int (*spectra_f)(void *);", "int: its size"),
    ("/** @file", "/*", "no @file"),
    ("@param out ", "@param in ", "nothing is said of out"),
    ("digest,name", "digest", "nothing is said of name"),
    ("@return SPECTRA_OK", "", "nothing is said of what it returns"),
    ("Thread safety:", "Threads:", "nothing is said of threads"),
    ("yours", "made", "nothing is said of whose out is"),
    ("API spectra_status", "API const char *", "nothing is said of whose the result is"),
)


class SelfTest(unittest.TestCase):
    def test_a_header_that_keeps_the_rules_passes(self):
        self.assertEqual(rule_breaches({"x.h": GOOD}), [])

    def test_each_broken_rule_and_each_gap_in_a_comment_is_found(self):
        for old, new, expected in BROKEN:
            with self.subTest(expected):
                text = GOOD.replace(old, new)
                self.assertNotEqual(text, GOOD)
                found = rule_breaches({"x.h": text})
                self.assertTrue(any(expected in breach for breach in found), found)

    def test_names_are_compared_both_ways(self):
        self.assertEqual(compare("it", {"a", "b"}, {"b", "c"}), ["it defines c, which no header declares",
                                                                "it does not define a, which a header declares"])
        self.assertEqual(defined_names("\nx.o:\n0 T a\n0 t b\n0 R c\n U d\n0 A V\n"), {"a", "c"})

    def test_a_constant_that_changes_is_found(self):
        self.assertEqual(constant_names("enum { SPECTRA_A = 1, /**< SPECTRA_B */ SPECTRA_C };\n#define SPECTRA_D 4u\n"),
                         ["SPECTRA_A", "SPECTRA_C", "SPECTRA_D"])
        self.assertEqual(differing({"A": "1", "B": "2"}, {"A": "1", "B": "3", "C": "4"}),
                         ["B is 3, was 2", "C is 4, was not there"])

    def test_a_header_that_needs_another_first_is_found(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "include" / "spectra").mkdir(parents=True)
            header = root / "include" / "spectra" / "x.h"
            compilers = (("cc", "c", "c11"),)
            header.write_text("#include <stdint.h>\nuint8_t f(void);\n", encoding="utf-8")
            self.assertEqual(compile_alone(root, compilers), [])
            header.write_text("uint8_t f(void);\n", encoding="utf-8")
            self.assertEqual(len(compile_alone(root, compilers)), 1)


def main():
    parser = argparse.ArgumentParser(description="Checks the public headers and what the libraries define.")
    commands = parser.add_subparsers(dest="command", required=True)
    checks = {"headers": check_headers, "rules": check_rules, "symbols": check_symbols,
              "constants": check_constants}
    for name in checks:
        commands.add_parser(name).add_argument("root", type=pathlib.Path)
    commands.choices["headers"].add_argument("--cc", required=True)
    for option in ("--nm", "--shared", "--static"):
        commands.choices["symbols"].add_argument(option, required=True)
    commands.choices["constants"].add_argument("--renew", action="store_true")
    commands.add_parser("self-test")
    options = parser.parse_args()
    if options.command == "self-test":
        return 0 if unittest.main(argv=[sys.argv[0]], exit=False).result.wasSuccessful() else 1
    breaches = checks[options.command](options)
    print("\n".join(breaches + [f"{len(breaches)} breaches"]))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
