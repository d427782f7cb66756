#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bindings/python/spectra/_ffi.py says of the C API is what the headers say.

A C program is made of what _ffi.py declares, and compiled against the headers: sizes, offsets and types of all members,
types of all functions, values of all constants. What the headers have and _ffi.py has not is named, with a row to add.
`check_ffi.py ROOT --cc CC`; with --self-test it shows that each kind of mistake is found.
"""
import argparse
import ctypes
import importlib.util
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "abi"))
import checks  # noqa: E402: the reader of the headers

# Functions that Python does not bind, with the reason.
SKIPPED = {}

PLAIN = {ctypes.c_int32: "int32_t", ctypes.c_uint32: "uint32_t", ctypes.c_int64: "int64_t", ctypes.c_uint64: "uint64_t",
         ctypes.c_uint8: "uint8_t", ctypes.c_double: "double", ctypes.c_float: "float", ctypes.c_char: "char", None: "void"}
ROWS = {"size_t": "c_size_t", "uint32_t": "c_uint32", "uint64_t": "c_uint64", "int32_t": "c_int32", "int64_t": "c_int64",
        "double": "c_double", "void *": "c_void_p", "char *": "text", "void": "None"}


def load_ffi(root):
    """The module by itself, without the package and so without the library."""
    spec = importlib.util.spec_from_file_location("_ffi", root / "bindings" / "python" / "spectra" / "_ffi.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def structs_of(ffi):
    return {name: kind for name, kind in vars(ffi).items()
            if isinstance(kind, type) and issubclass(kind, ctypes.Structure) and kind is not ctypes.Structure}


def c_declaration(kind, name=""):
    """`name` declared in C as what the ctypes type means."""
    if kind in PLAIN:
        return f"{PLAIN[kind]} {name}"
    if kind is ctypes.c_char_p:
        return f"char *{name}"
    if kind is ctypes.c_void_p:
        return f"void *{name}"
    if hasattr(kind, "_argtypes_"):
        arguments = ", ".join(c_declaration(argument) for argument in kind._argtypes_) or "void"
        return c_declaration(kind._restype_, f"(*{name})({arguments})")
    if issubclass(kind, ctypes.Array):
        return c_declaration(kind._type_, f"{name}[{kind._length_}]")
    if issubclass(kind, ctypes.Structure):
        return f"{kind.__name__} {name}"
    return c_declaration(kind._type_, f"*{name}")


def assertion(condition, words):
    return f'_Static_assert({condition}, "{words}");'


def struct_assertions(name, kind):
    fields = getattr(kind, "_fields_", None)
    if not fields:
        return
    yield assertion(f"sizeof({name}) == {ctypes.sizeof(kind)}", f"{name}: another size")
    for member, member_kind in fields:
        offset = getattr(kind, member).offset
        yield assertion(f"offsetof({name}, {member}) == {offset}", f"{name}.{member}: another offset")
        yield assertion(f"__builtin_types_compatible_p(__typeof__((({name} *)0)->{member}), "
                        f"{c_declaration(member_kind)})", f"{name}.{member}: another type")


def function_assertion(name, result, *arguments):
    listed = ", ".join(c_declaration(argument) for argument in arguments) or "void"
    wanted = c_declaration(result, f"({listed})")
    return assertion(f"__builtin_types_compatible_p(__typeof__({name}), {wanted})", f"{name}: another signature")


def constants_of(ffi):
    values = {f"SPECTRA_{group}{name}": value for group, names in ffi.CONSTANTS.items() for name, value in names.items()}
    return {**values, **{f"SPECTRA_VERSION_{part}": number for part, number in zip(("MAJOR", "MINOR", "PATCH"), ffi.VERSION)}}


def program_of(ffi):
    """C that compiles only where all that is declared is so. Without const: ctypes does not know it."""
    lines = ["#include <stddef.h>", "#include <stdint.h>", "#define const", '#include "spectra/spectra.h"']
    for name, kind in structs_of(ffi).items():
        lines += struct_assertions(name, kind)
    lines += [function_assertion(name, *row) for name, row in ffi.FUNCTIONS.items()]
    lines += [assertion(f"{name} == {value}", f"{name} is not {value}") for name, value in constants_of(ffi).items()]
    return "\n".join(lines) + "\n"


def compile_breaches(root, compiler, source):
    done = subprocess.run([compiler, "-std=c11", "-fsyntax-only", "-I", str(root / "include"), "-x", "c", "-"],
                          input=source, text=True, capture_output=True, check=False)
    if done.returncode == 0:
        return []
    words = re.findall(r'error: static assertion failed[^"]*"([^"]*)"', done.stderr)
    others = [line for line in done.stderr.splitlines() if "error:" in line and "static assertion failed" not in line]
    return [f"the headers have {word}" for word in words] + others or [done.stderr]


def suggested_row(function):
    """What to add to FUNCTIONS, as near as the declaration tells."""
    words = []
    for code in (function.result, *function.parameters):
        bare = " ".join(code.replace("const", " ").split())
        bare = bare if code is function.result else re.sub(r"(\w+)(\s*\[\w*\])?$", "", bare).strip()
        stars = bare.count("*")
        word = ROWS.get(bare) or ROWS.get(bare.strip("* ")) or bare.strip("* ").replace("spectra_", "", 1)
        words.append(word if bare in ROWS else "POINTER(" * stars + word + ")" * stars)
    return f'"{function.name}": ({", ".join(words)}{"" if len(words) > 1 else ","})'


def missing(ffi, texts):
    """What the headers have, given as {name: text}, and _ffi.py has not."""
    structs, constants = structs_of(ffi), constants_of(ffi)
    for text in texts.values():
        for function in checks.functions_of(text):
            if function.name not in ffi.FUNCTIONS and function.name not in SKIPPED:
                yield (f"{function.name} is not bound: add to FUNCTIONS of bindings/python/spectra/_ffi.py a row such as\n"
                       f"    {suggested_row(function)},\n"
                       "or to SKIPPED of tests/python/check_ffi.py the reason why Python does without")
        for match in checks.STRUCT.finditer(checks.without_directives(checks.without_comments(text))):
            fields = [name for name, _ in getattr(structs.get(match[1]), "_fields_", [])]
            members = [name for part in checks.members_of(match[2])
                       for name in re.findall(r"\(\*(\w+)\)|(\w+)(?:\[\w+\])?$", part)[:1]]
            members = [first or second for first, second in members]
            if fields != members:
                yield f"{match[1]} of _ffi.py has the members {fields}, the header has {members}"
        for name in checks.constant_names(text):
            if name not in constants and not name.startswith("SPECTRA_VERSION_"):
                yield f"{name} is not in CONSTANTS of _ffi.py"


def surplus(ffi, texts):
    declared = {function.name for text in texts.values() for function in checks.functions_of(text)}
    return [f"{name} is skipped, and no header declares it or _ffi.py binds it" for name in SKIPPED
            if name not in declared or name in ffi.FUNCTIONS]


def breaches_of(root, compiler, ffi):
    texts = {path.name: path.read_text(encoding="utf-8") for path in checks.headers_of(root)}
    return [*missing(ffi, texts), *surplus(ffi, texts), *compile_breaches(root, compiler, program_of(ffi))]


class SelfTest(unittest.TestCase):
    root, compiler = None, None

    def setUp(self):
        self.ffi = load_ffi(self.root)

    def expect(self, words):
        found = breaches_of(self.root, self.compiler, self.ffi)
        self.assertTrue(any(words in breach for breach in found), found)

    def change_fields(self, name, change):
        fields = change(list(getattr(self.ffi, name)._fields_))
        setattr(self.ffi, name, type(name, (ctypes.Structure,), {"_fields_": fields}))

    def test_what_is_declared_now_is_right(self):
        self.assertEqual(breaches_of(self.root, self.compiler, self.ffi), [])

    def test_a_member_of_another_type_of_the_same_size_is_found(self):
        self.change_fields("spectra_hit", lambda rows: [("database", ctypes.c_int32), *rows[1:]])
        self.expect("spectra_hit.database: another type")

    def test_members_in_another_order_are_found(self):
        self.change_fields("spectra_hit", lambda rows: [rows[1], rows[0], *rows[2:]])
        self.expect("spectra_hit.entry: another offset")

    def test_a_member_that_is_left_out_is_found(self):
        self.change_fields("spectra_hit", lambda rows: rows[:-1])
        self.expect("spectra_hit of _ffi.py has the members")

    def test_another_size_is_found(self):
        self.change_fields("spectra_pair", lambda rows: [*rows, ("more", ctypes.c_uint32)])
        self.expect("spectra_pair: another size")

    def test_a_parameter_too_many_and_another_result_are_found(self):
        self.ffi.FUNCTIONS["spectra_version"] = (ctypes.c_char_p, ctypes.c_uint32)
        self.ffi.FUNCTIONS["spectra_fft_size"] = (ctypes.c_uint64, ctypes.c_uint32)
        self.expect("spectra_version: another signature")
        self.expect("spectra_fft_size: another signature")

    def test_a_function_that_is_not_bound_is_named_with_a_row_to_add(self):
        row = self.ffi.FUNCTIONS.pop("spectra_search_required")
        self.assertEqual(row, (ctypes.c_size_t, ctypes.c_size_t))
        self.expect('"spectra_search_required": (c_size_t, c_size_t)')

    def test_a_function_that_is_no_more_is_found(self):
        self.ffi.FUNCTIONS["spectra_gone"] = (None,)
        self.expect("spectra_gone")

    def test_constants_of_another_value_and_missing_ones_are_found(self):
        self.ffi.TRACK["EI"] = 7
        del self.ffi.TRACK["MSMS"]
        self.expect("SPECTRA_TRACK_EI is not 7")
        self.expect("SPECTRA_TRACK_MSMS is not in CONSTANTS")

    def test_another_version_is_found(self):
        self.ffi.VERSION = (0, 999, 0)
        self.expect("SPECTRA_VERSION_MINOR is not 999")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        SelfTest.root, SelfTest.compiler = options.root, options.cc
        return 0 if unittest.main(argv=[sys.argv[0]], exit=False).result.wasSuccessful() else 1
    breaches = breaches_of(options.root, options.cc, load_ffi(options.root))
    print("\n".join(breaches))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
