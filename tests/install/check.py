#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs a build, moves the tree, and lets a stranger's project use it.

docs/example.c is built from the moved tree by pkg-config and by find_package, shared and static, and by find_package
without pkg-config. Every program must give the same answers. One is run once more with malloc and mmap interposed:
from two threads, no query may allocate. The installed program must find its database where the tree stands now.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile

SAMPLES = {"fentanyl_ei_noisy.msp": "Fentanyl", "cocaine_ei_noisy.msp": "cocaine"}
HITS = 3
QUERIES = len(SAMPLES) * 2  # a search and an identification of each spectrum


class Failure(SystemExit):
    """Its text goes to standard error."""


def expect(truth, message):
    if not truth:
        raise Failure(message)


def run(*command, **environment):
    """Standard output of a command that must end well, in an environment of its own."""
    result = attempt(*command, **environment)
    expect(result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout


def attempt(*command, **environment):
    environment = {"PATH": os.environ["PATH"]} | {name: str(value) for name, value in environment.items()}
    return subprocess.run([str(word) for word in command], env=environment, text=True, capture_output=True, check=False)


def install(options, folder):
    """The tree, moved away from where it was installed to."""
    first, moved = folder / "first", folder / "moved"
    run(options.cmake, "--install", options.build, "--prefix", first)
    first.rename(moved)
    return moved


def check_tree(options, tree):
    expected = {path.name for path in (options.source / "include" / "spectra").glob("*.h")}
    expected |= {"fftw.h"} if options.fftw else set()
    expected |= {"plot.h"} if options.plot else set()
    expect({path.name for path in (tree / "include" / "spectra").iterdir()} == expected, "the headers are not all there")
    for name in ("bin/spectra", "share/spectra/reference.spdb", "share/spectra/substances.tsv",
                 "share/doc/spectra/LICENSE", "share/doc/spectra/docs/FORMAT.md"):
        expect((tree / name).is_file(), f"{name} is not installed")
    for path in filter(pathlib.Path.is_file, tree.rglob("*")):
        content = path.read_bytes()
        for folder in (tree.parent, options.source, options.build):
            found = os.fsencode(folder) in content and b".debug_info" not in content
            expect(not found, f"{path.name} names {folder}")


def pkg_config(tree, *words, package="spectra"):
    folder = next(tree.rglob("spectra.pc")).parent
    default = run("pkg-config", "--variable", "pc_path", "pkg-config").strip()
    return run("pkg-config", *words, package, PKG_CONFIG_PATH=f"{folder}:{default}").split()


def build_by_pkg_config(options, tree, source, package, shared, static):
    command = [options.cc, *options.flags.split(), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread",
               source, *pkg_config(tree, "--cflags", package=package)]
    run(*command, *pkg_config(tree, "--libs", package=package), "-o", shared)
    run(*command, "-static", *pkg_config(tree, "--static", "--libs", package=package), "-o", static)


def by_pkg_config(options, tree, folder):
    """Example programs by title."""
    programs = {"pkg-config, shared": folder / "shared", "pkg-config, static": folder / "static"}
    build_by_pkg_config(options, tree, options.source / "docs" / "example.c", "spectra", *programs.values())
    return programs


def by_find_package(options, tree, folder, title, *definitions):
    run(options.cmake, "-G", "Ninja", "-S", options.source / "tests" / "install" / "consumer", "-B", folder,
        f"-DCMAKE_PREFIX_PATH={tree}", f"-DCMAKE_C_COMPILER={options.cc}", f"-DCMAKE_C_FLAGS={options.flags}",
        f"-DEXAMPLE={options.source / 'docs' / 'example.c'}", *definitions)
    run(options.cmake, "--build", folder)
    return {f"{title}, shared": folder / "spectra-example", f"{title}, static": folder / "spectra-static-example"}


def arguments(options, tree):
    return [tree / "share" / "spectra" / "reference.spdb",
            *(options.source / "tests" / "data" / name for name in SAMPLES)]


def check_answer(options, answer):
    """A verdict and the best hits of each sample, the first the right one."""
    for name, substance in SAMPLES.items():
        lines = [line for line in answer if line.startswith(str(options.source / "tests" / "data" / name))]
        expect(len(lines) == 1 + HITS, f"{name}: {lines}")
        best = max(lines[1:], key=lambda line: line.split(": ")[1])
        expect(best.split(" ", 2)[2] == substance, f"{name}: the best hit is {best}")


def check_programs(options, tree, programs):
    libraries = next(tree.rglob("libspectra.so")).parent
    answers = {}
    for title, program in programs.items():
        output = run(program, *arguments(options, tree), LD_LIBRARY_PATH=libraries)
        answers[title] = sorted(output.splitlines())  # two threads print
        check_answer(options, answers[title])
        print(f"{title}: {len(answers[title])} lines")
    expect(all(answer == answers["pkg-config, shared"] for answer in answers.values()), f"answers differ: {answers}")


def check_linking(programs):
    """A shared program needs the soname; a static one nothing of ours."""
    for title, program in programs.items():
        needed = run("readelf", "-d", program)
        expect(("[libspectra.so.0]" in needed) == title.endswith("shared"), f"{title} needs\n{needed}")


def check_embedded(options, tree, folder):
    """A device's program: no library of this package or another is needed but the C library."""
    build, own = folder / "embedded", options.source / "tests" / "embedded"
    made = options.build / "tests" / "embedded" / "queries"
    sources = [own / "device.c", own / "database.c", own / "hosted.c", made / "queries.c"]
    run(options.cmake, "-G", "Ninja", "-S", options.source / "tests" / "install" / "consumer", "-B", build,
        f"-DCMAKE_PREFIX_PATH={tree}", f"-DCMAKE_C_COMPILER={options.cc}", f"-DCMAKE_C_FLAGS={options.flags}",
        f"-DDEVICE={';'.join(map(str, sources))}", f"-DDEVICE_HEADERS={own}",
        f"-DDATABASE={tree / 'share' / 'spectra' / 'reference.spdb'}")
    run(options.cmake, "--build", build)
    needed = [line for line in run("readelf", "-d", build / "device").splitlines() if "NEEDED" in line]
    expect(len(needed) == 1 and "[libc.so" in needed[0], f"a device's program needs {needed}")
    print(run("python3", "-B", own / "compare.py", "--expected", made / "expected.jsonl", build / "device").strip())


def check_fftw(options, tree, folder):
    """A program under the GPL, by each way; nothing else needs FFTW."""
    programs = [folder / "fftw-shared", folder / "fftw-static"]
    build_by_pkg_config(options, tree, fftw_source(options), "spectra-fftw", *programs)
    for name, *definitions in (("with",), ("without", "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON")):
        build = folder / f"fftw-{name}"
        run(options.cmake, "-G", "Ninja", "-S", options.source / "tests" / "install" / "consumer", "-B", build,
            f"-DCMAKE_PREFIX_PATH={tree}", f"-DCMAKE_C_COMPILER={options.cc}", f"-DCMAKE_C_FLAGS={options.flags}",
            f"-DFFTW_EXAMPLE={fftw_source(options)}", *definitions)
        run(options.cmake, "--build", build)
        programs += [build / "spectra-fftw-example", build / "spectra-fftw-static-example"]
    libraries = next(tree.rglob("libspectra.so")).parent
    for program in programs:
        said = run(program, LD_LIBRARY_PATH=libraries)
        expect("FFTW" in said and "GPL-3.0-or-later" in said, f"{program.name} says {said}")
    expect("fftw" not in run("readelf", "-d", libraries / "libspectra.so"), "libspectra.so needs FFTW")
    print(f"fftw: {len(programs)} programs")


def check_plot(options, tree, folder):
    """A program that draws, shared and static; the core needs no libpng."""
    source, programs = options.source / "tests" / "install" / "plot.c", [folder / "plot-shared", folder / "plot-static"]
    build_by_pkg_config(options, tree, source, "spectra-plot", *programs)
    libraries = next(tree.rglob("libspectra.so")).parent
    for program in programs:
        expect(run(program, LD_LIBRARY_PATH=libraries).startswith("<svg"), f"{program.name} draws nothing")
    expect("png" not in run("readelf", "-d", libraries / "libspectra.so"), "libspectra.so needs libpng")
    expect("libpng" in run("readelf", "-d", libraries / "libspectra-plot.so"), "libspectra-plot.so needs no libpng")
    print(f"plot: {len(programs)} programs")


def fftw_source(options):
    return options.source / "tests" / "install" / "fftw.c"


def watch(options, tree, program, folder, *definitions):
    libraries = next(tree.rglob("libspectra.so")).parent
    library = folder / "watch.so"
    run(options.cc, "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", *definitions,
        options.source / "tests" / "install" / "watch.c", *pkg_config(tree, "--cflags"), "-ldl", "-o", library)
    return attempt(program, *arguments(options, tree), LD_LIBRARY_PATH=libraries, LD_PRELOAD=library)


def check_no_allocation(options, tree, program, folder):
    broken = watch(options, tree, program, folder, "-DBROKEN")
    expect(broken.returncode == 99 and "a query calls malloc" in broken.stderr, f"the watch is blind: {broken.stderr}")
    watched = watch(options, tree, program, folder)
    expect(watched.returncode == 0 and f"watch: {QUERIES} queries in 2 threads" in watched.stderr, watched.stderr)
    print(watched.stderr.strip())


def check_installed_program(options, tree):
    output = run(tree / "bin" / "spectra", "identify", options.source / "tests" / "data" / next(iter(SAMPLES)))
    expect("Fentanyl" in output, output)
    version = run(tree / "bin" / "spectra", "--version").split()[1]
    expect(pkg_config(tree, "--modversion") == [version], f"spectra.pc is not of version {version}")


def check(options):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        tree = install(options, folder)
        check_tree(options, tree)
        programs = by_pkg_config(options, tree, folder)
        programs |= by_find_package(options, tree, folder / "with", "find_package")
        programs |= by_find_package(options, tree, folder / "without", "find_package without pkg-config",
                                    "-DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON")
        check_programs(options, tree, programs)
        check_linking(programs)
        check_no_allocation(options, tree, programs["pkg-config, shared"], folder)
        check_installed_program(options, tree)
        check_embedded(options, tree, folder)
        if options.fftw:
            check_fftw(options, tree, folder)
        if options.plot:
            check_plot(options, tree, folder)


def main():
    parser = argparse.ArgumentParser(description="Checks that an installed tree serves a stranger's project.")
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--plot", action="store_true", help="libspectra-plot is built too")
    parser.add_argument("--fftw", action="store_true", help="libspectra-fftw is built too")
    parser.add_argument("--flags", default="", help="of the compiler, as the build has them")
    check(parser.parse_args())


if __name__ == "__main__":
    main()
