#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every system call of the program fails, falls short or is its last, and every request for memory is refused, one by
one (shim.c does it).

After each: a database that is written is the old file or the new one, never anything else; success means the new one;
no temporary file is left unless the process was killed or could not even remove it; writing once more succeeds. What is
read gives the same answer or a failure with a message. Standard output that is closed or full is a failure.
"""
import argparse
import errno
import os
import pathlib
import re
import signal
import subprocess
import tempfile

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
HOUSE = DATA.parent.parent / "reference-spectra"
DURABLE = ["pwrite", "fsync", "close", "rename", "open", "fsync", "close"]  # the file, then its directory
FAILED, BAD_DATABASE = 5, 4  # exit statuses

# What the library may ask the C library for without asking the system: all else must stand in the shim.
HARMLESS = re.compile(r"(mem|str|crypto_|inflate)\w*|bcmp|malloc|free|getenv|getpid|newlocale|freelocale|__errno_location|"
                      r"__stack_chk_fail|__assert_fail|__cxa_finalize|__gmon_start__|_ITM_\w+|__cpu_\w+")


class Failure(SystemExit):
    """Its text goes to standard error."""


def expect(condition, what):
    if not condition:
        raise Failure(what)


def manners(name):
    """(how, errno, forever) that a call of this name can meet."""
    if name in ("malloc", "calloc", "realloc"):
        yield "fail", errno.ENOMEM, False
        yield "fail", errno.ENOMEM, True
        return
    for code in (errno.EIO, errno.ENOSPC, errno.EINTR):
        yield "fail", code, False
    yield "fail", errno.EIO, True
    if name != "open":  # what fails to open has opened nothing
        yield "fail-after", errno.EIO, False
    yield "kill-before", 0, False
    yield "kill-after", 0, False
    if name in ("read", "write", "pwrite"):
        yield "short", 0, False
        yield "short", 0, True
    if name in ("write", "pwrite"):
        yield "nothing", 0, False
        yield "nothing", 0, True
        yield "kill-within", 0, False


class Program:
    def __init__(self, spectra, shim):
        self.spectra, self.shim = spectra, shim

    def run(self, arguments, **environment):
        settings = {key: str(value) for key, value in environment.items()}
        return subprocess.run([self.spectra, *arguments], capture_output=True, timeout=20,
                              env=dict(os.environ, LD_PRELOAD=str(self.shim), **settings))

    def run_logged(self, arguments, **environment):
        """A run, and the names of its system calls."""
        with tempfile.NamedTemporaryFile("r", encoding="ascii") as log:
            done = self.run(arguments, FAULT_LOG=log.name, **environment)
            return done, [line.split()[1] for line in log]

    def faults(self, arguments, names, before, **environment):
        """Runs once for each fault; yields the run and what was done to it."""
        for number, name in enumerate(names, 1):
            for how, code, forever in manners(name):
                before()
                settings = {"FAULT_AT": number, "FAULT_HOW": how, "FAULT_ERRNO": code, **environment}
                if forever:
                    settings["FAULT_FOREVER"] = 1
                yield self.run(arguments, **settings), (number, name, how, errno.errorcode.get(code, ""), forever)


def is_harmless(fault):
    """Whether a program must get over it: interrupted and short calls, and a close that has nothing more to do."""
    _, name, how, code, _ = fault
    return how == "short" or (code == "EINTR" and name in ("open", "read", "write", "pwrite", "fsync", "close"))


def is_fatal(fault):
    """Whether success would be a lie: what failed was needed for the new file to be whole and to stay."""
    _, name, how, code, _ = fault
    return how in ("fail", "fail-after") and code in ("EIO", "ENOSPC") and name in ("open", "read", "write", "pwrite",
                                                                                   "fsync", "rename")


def check_written(done, fault, path, old, new):
    """Returns 1 where the new file is there."""
    killed = done.returncode == -signal.SIGKILL
    _, name, how, _, forever = fault
    found = path.read_bytes() if path.exists() else None
    expect(found in (old, new), f"{fault}: the file is neither the old one nor the new one")
    expect(done.returncode != 0 or found == new, f"{fault}: success, and the old file is still there")
    expect(killed == how.startswith("kill"), f"{fault}: exit status {done.returncode}")
    expect(done.returncode <= 0 or done.stderr, f"{fault}: no message")
    expect(not is_harmless(fault) or done.returncode == 0, f"{fault}: {done.stderr}")
    expect(not is_fatal(fault) or done.returncode > 0, f"{fault}: success")
    left = sorted(entry.name for entry in path.parent.iterdir() if entry != path)
    expect(killed or forever or name == "unlink" or not left, f"{fault}: {left} is left behind")
    return found == new


def sweep_writing(program, folder, start, **environment):
    """`start` is what stands at the path before: None for nothing."""
    path = folder / "database.spdb"
    build = ["db", "build", "-o", str(path), "--substances", str(HOUSE / "substances.tsv"), str(DATA / "msp_mona.msp"),
             str(DATA / "records.spectra")]

    def reset():
        for entry in folder.iterdir():
            entry.unlink()
        if start is not None:
            path.write_bytes(start)

    reset()
    done, names = program.run_logged(build)
    expect(done.returncode == 0, done.stderr)
    new = path.read_bytes()
    expect(new != start and names[names.index("pwrite"):][:7] == DURABLE, f"calls: {names}")
    if environment:
        _, names = program.run_logged(build, **environment)
    points = replaced = 0
    for done, fault in program.faults(build, names, reset, **environment):
        points += 1
        replaced += check_written(done, fault, path, start, new)
        if done.returncode != 0:
            again = program.run(build)
            expect(again.returncode == 0 and path.read_bytes() == new, f"{fault}: writing again fails: {again.stderr}")
    expect(0 < points and (environment or 0 < replaced < points), "all runs end alike")
    return points, replaced, new


def check_removal(program, folder):
    """The file that could not be written is removed; where even that fails, the old file stands all the same."""
    path = folder / "database.spdb"
    build = ["db", "build", "-o", str(path), str(DATA / "msp_mona.msp")]
    _, names = program.run_logged(build)
    path.write_bytes(b"an older database")
    done, tried = program.run_logged(build, FAULT_AT=names.index("write") + 1, FAULT_HOW="fail",
                                     FAULT_ERRNO=errno.ENOSPC, FAULT_FOREVER=1)
    expect(tried[-1] == "unlink", f"the last call is no removal: {tried}")
    expect(done.returncode > 0 and path.read_bytes() == b"an older database", f"a removal that fails: {done}")


def sweep_reading(program, arguments, **environment):
    whole, names = program.run_logged(arguments, **environment)
    expect(whole.returncode == 0 and whole.stdout and names, f"{arguments}: {whole.returncode} {whole.stderr}")
    points = 0
    for done, fault in program.faults(arguments, names, lambda: None, **environment):
        points += 1
        killed = done.returncode == -signal.SIGKILL
        expect(killed == fault[2].startswith("kill"), f"{fault}: exit status {done.returncode}")
        expect(done.returncode != 0 or done.stdout == whole.stdout, f"{fault}: success with another answer")
        expect(done.returncode <= 0 or done.stderr or b"no answer" in done.stdout, f"{fault}: no message")
        expect(not is_harmless(fault) or done.returncode == 0, f"{fault}: {done.stderr}")
        if fault[1:4] == ("mmap", "fail", "EIO"):
            expect(done.returncode == BAD_DATABASE and b"cannot map" in done.stderr, f"{fault}: {done.returncode} {done.stderr}")
    return points


def check_output(program, folder, database):
    """Standard output full, closed, and closed together with standard error."""
    query = str(DATA / "fentanyl_ei_noisy.msp")
    db = ["--db", str(database)]
    commands = [["identify", *db, query], ["identify", *db, "--format", "jsonl", query], ["search", *db, query],
                ["search", *db, "--format", "tsv", query], ["db", "info", str(database)],
                ["db", "verify", str(database)], ["convert", query, "-o", "-", "--to", "json"], ["--version"],
                ["--help"]]
    for command in commands:
        run = [program.spectra, *command]
        good = subprocess.run(run, capture_output=True, check=False)
        expect(good.stdout, f"{command}: no output at all")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(run, stdout=full, stderr=subprocess.PIPE, check=False)
        expect(done.returncode == FAILED and done.stderr, f"{command}, output full: {done.returncode} {done.stderr}")
        done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *run], stderr=subprocess.PIPE, check=False)
        expect(done.returncode == FAILED and done.stderr, f"{command}, output closed: {done.returncode} {done.stderr}")
    # A file must not become standard error because that is closed.
    output = folder / "output.json"
    convert = [program.spectra, "convert", str(DATA / "two_columns.txt"), "-o", str(output)]
    plain = subprocess.run(convert, capture_output=True, check=False)
    expect(plain.returncode == 0 and b"warning" in plain.stderr, plain.stderr)
    expected = output.read_bytes()
    subprocess.run(["sh", "-c", 'exec "$@" 2>&-', "sh", *convert], check=False)
    expect(output.read_bytes() == expected, "messages in the output file")
    return 2 * len(commands)


def defined_in(path, *options):
    done = subprocess.run(["nm", "-D", *options, str(path)], capture_output=True, text=True, check=True)
    return {line.split()[-1].split("@")[0] for line in done.stdout.splitlines()}


def check_complete(library, shim):
    """The library asks the system for nothing that the shim does not stand before."""
    asked = {name for name in defined_in(library, "--undefined-only") if not HARMLESS.fullmatch(name)}
    missing = asked - defined_in(shim, "--defined-only")
    expect(asked and not missing, f"the shim does not know {sorted(missing)} of {library}")
    return sorted(asked)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spectra", required=True, help="the program")
    parser.add_argument("--library", required=True, help="the shared library, for what it asks the system")
    parser.add_argument("--shim", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    program = Program(arguments.spectra, arguments.shim)
    print("system calls of the library:", ", ".join(check_complete(arguments.library, arguments.shim)))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        points, replaced, new = sweep_writing(program, folder, None)
        more, likewise, _ = sweep_writing(program, folder, b"an older database")
        check_removal(program, folder)
        print(f"figure 6: {points + more} fault points of a database write, {replaced + likewise} ended with the new file, "
              "0 torn, 0 false successes")
        database = folder / "database.spdb"
        database.write_bytes(new)
        reading = sweep_reading(program, ["search", "--db", str(database), str(DATA / "fentanyl_ei_noisy.msp")])
        reading += sweep_reading(program, ["db", "verify", str(database)])
        reading += sweep_reading(program, ["convert", str(DATA / "records.spectra"), "-o", "-", "--to", "json"])
        print(f"{reading} fault points of reading, 0 false answers")
        memory, _, _ = sweep_writing(program, folder, b"an older database", FAULT_MEMORY=1)
        database.write_bytes(new)
        memory += sum(sweep_reading(program, command, FAULT_MEMORY=1) for command in (
            ["identify", "--db", str(database), str(DATA / "msp_mona.msp")],
            ["db", "info", "--coverage", str(database)],
            ["convert", str(DATA / "records.spectra"), "-o", "-", "--to", "msp"]))
        print(f"{memory} fault points of the program's memory, 0 false answers")
        print(f"{check_output(program, folder, database)} runs without standard output, all failed with a message")


if __name__ == "__main__":
    main()
