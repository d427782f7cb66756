# SPDX-License-Identifier: Apache-2.0
"""How often the components of a mixture are found: measured DART mixtures, and SIMULATED ones.

The library is that of METHODS section 5 for development: 18 measured in-source compounds (replicate 1 where there are two)
and 90 decoys, which are SIMULATED (MS/MS spectra called in-source). What the measured mixtures hold is inferred, not stated
by their source. Pairs are sums of measured spectra of replicate 2, each in units of its base peak. "Minor" is the weaker.
"""

import collections
import json
import re

from make_mixture import merge

ENERGIES = (30, 60, 90)
SHARES = (0.05, 0.02, 0.01, 0.005)
ACCURATE, INTEGER = ("accurate mass", ()), ("integer mass", ("--tolerance", "0.5da"))


# Spectra of one sample as a file.

def write_sample(path, spectra, *lines):
    """`spectra` is {collision energy or None: peaks}."""
    texts = []
    for energy, peaks in spectra.items():
        stated = [f"Collision_energy: {energy} V"] if energy else []
        rows = [f"{mz:.6f} {1e6 * intensity:.3f}" for mz, intensity in sorted(peaks)]
        texts.append("\n".join(["Name: sample", *lines, *stated, f"Num Peaks: {len(rows)}", *rows, ""]))
    path.write_text("\n".join(texts), encoding="utf-8")


def components_of(program, path, database, *options):
    """Keys of the components, those that could take their place with them."""
    answer = json.loads(program.run("identify", "--group", "--format", "jsonl", "--db", database, *options, path))
    return [{component["inchikey"] or component["substance"].lower(), component["substance"].lower(),
             *component["alternatives"]} for component in answer["components"]]


def judge(expected, found):
    """(those of the expected that are found, how many of the found are none of them). `expected` are sets of keys."""
    hit = [any(keys & names for names in found) for keys in expected]
    false = sum(not any(keys & names for keys in expected) for names in found)
    return hit, false


# The library and the measured mixtures.

def split(path):
    return re.split(r"(?m)^(?=Name:)", path.read_text(encoding="utf-8"))[1:]


def build_library(program, dart, folder):
    first = folder / "replicate_1.msp"
    first.write_text("".join(text.rstrip() + "\n\n" for text in split(dart / "nist_dart_isomer_replicates.msp")
                             if "\nReplicate: 1\n" in text), encoding="utf-8")
    database = folder / "insource.spdb"
    program.build(database, dart / "nist_dart_select_library.msp", first, dart / "insource_decoys.msp")
    return database


def read_counts(path):
    return [tuple(map(float, line.split()[:2])) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


INSOURCE = ("Spectrum_type: in-source", "Ion_mode: P")


def evaluate_measured(report, program, dart, database, truths, folder):
    report.heading("In-source CID, measured samples (components inferred), library of 108 compounds, 90 SIMULATED")
    for what, options in (ACCURATE, INTEGER):
        found = {True: [], False: []}
        false = 0
        for truth in truths:
            spectra = {int(re.search(r"_(\d+)V", name).group(1)): read_counts(dart / "dart_mixtures_dev" / name)
                       for name in truth["files"].split(",")}
            write_sample(folder / "sample.msp", {e: [(mz, i / 1e6) for mz, i in p] for e, p in spectra.items()}, *INSOURCE)
            expected = [{key.strip()} for key in truth["inchikeys"].split(";")]
            hit, wrong = judge(expected, components_of(program, folder / "sample.msp", database, *options))
            found[len(expected) > 1] += hit
            false += wrong
        for mixed, word in ((True, "mixtures"), (False, "pure samples")):
            report.rate(f"in-source, {what}, {word}: components found", sum(found[mixed]), len(found[mixed]))
        report.number(f"in-source, {what}: false components", len(truths), false)


# Simulated pairs of measured in-source spectra.

def read_replicates(dart, replicate):
    """{name: {energy: peaks in units of the base peak}}"""
    spectra = collections.defaultdict(dict)
    for text in split(dart / "nist_dart_isomer_replicates.msp"):
        if f"\nReplicate: {replicate}\n" not in text:
            continue
        name = re.match(r"Name: (.*)", text).group(1).strip().lower()
        energy = int(re.search(r"(?m)^Collision_energy: (\d+)", text).group(1))
        peaks = [tuple(map(float, line.split()[:2])) for line in text.splitlines() if line[:1].isdigit()]
        base = max(intensity for _, intensity in peaks)
        spectra[name][energy] = [(mz, intensity / base) for mz, intensity in peaks if intensity > 0]
    return spectra


def sum_of(parts):
    return merge([(mz, share * intensity) for peaks, share in parts for mz, intensity in peaks])


def evaluate_pairs(report, program, dart, database, folder):
    report.heading("In-source CID, SIMULATED pairs: all ordered pairs of 14 compounds, replicate 2 against replicate 1")
    spectra = read_replicates(dart, 2)
    pairs = [(major, minor) for major in sorted(spectra) for minor in sorted(spectra) if major != minor]
    for what, options in (ACCURATE, INTEGER):
        for share in SHARES:
            minors, majors, false, wrong_majors = 0, 0, 0, collections.Counter()
            for major, minor in pairs:
                write_sample(folder / "pair.msp", {e: sum_of([(spectra[major][e], 1 - share), (spectra[minor][e], share)])
                                                   for e in ENERGIES}, *INSOURCE)
                hit, wrong = judge([{major}, {minor}], components_of(program, folder / "pair.msp", database, *options))
                majors, minors, false = majors + hit[0], minors + hit[1], false + wrong
                wrong_majors[major] += wrong
            label = f"in-source, {what}, simulated pairs, minor {100 * share:g} %"
            report.rate(f"{label}: minor found", minors, len(pairs))
            report.rate(f"{label}: major found", majors, len(pairs))
            report.number(f"{label}: false components for each sample", len(pairs), false / len(pairs))
            report.rate(f"{label}: major compounds with 5 false or more", sum(n >= 5 for n in wrong_majors.values()),
                        len(spectra))


def evaluate_absent(report, program, dart, database, folder):
    report.heading("In-source CID, one substance that the library has not: its own spectra left out, 90 decoys SIMULATED")
    spectra = read_replicates(dart, 2)
    for what, options in (ACCURATE, INTEGER):
        named, sentences = 0, 0
        for name, by_energy in sorted(spectra.items()):
            write_sample(folder / "absent.msp", by_energy, *INSOURCE)
            text = (folder / "absent.msp").read_text(encoding="utf-8").replace("Name: sample", f"Name: {name}")
            (folder / "absent.msp").write_text(text, encoding="utf-8")
            answer = json.loads(program.run("identify", "--group", "--format", "jsonl", "--exclude-own-compound", "--db",
                                            database, *options, folder / "absent.msp"))
            named += bool(answer["components"])
            sentences += bool(answer["components"]) and not answer["against"]
        report.rate(f"in-source, {what}, compound left out: some component is named", named, len(spectra))
        report.rate(f"in-source, {what}, compound left out: named, and nothing said against it", sentences, len(spectra))


def evaluate(report, program, data, folder, common):
    dart = data / "dart"
    database = build_library(program, dart, folder)
    evaluate_measured(report, program, dart, database, common.read_truth(dart / "dart_mixtures_dev_truth.tsv"), folder)
    evaluate_pairs(report, program, dart, database, folder)
    evaluate_absent(report, program, dart, database, folder)
