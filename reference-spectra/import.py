#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns the tables of published figures into the reference records of this folder.

Reads starter_spectra.tsv, starter_attribution.tsv and substances.tsv; writes ei.spectra, msms.spectra,
insource.spectra, substances.tsv, SOURCES.json and the last part of README.md. Figures are copied as they are written:
nothing is rounded, renamed or repaired. What contradicts itself stops the import; what is only odd becomes a note.
The same input gives the same bytes.
"""

import argparse
import collections
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
INPUTS = ("starter_spectra.tsv", "starter_attribution.tsv", "substances.tsv")
TRACKS = {"EI": "ei", "MSMS": "msms", "INSOURCE": "insource"}
POLARITIES = {"P": "positive", "N": "negative"}
SUBSTANCE_COLUMNS = ("inchikey", "name", "formula", "exact_mass", "smiles", "class", "sites", "site_basis", "core",
                     "source")
# Columns of the input that have another name here.
RENAMED = {"sites": "site_label"}
# Keys of a record after its accession, in the order of docs/RECORDS.md.
RECORD_KEYS = ("name", "inchikey", "formula", "exact_mass", "smiles", "track", "polarity", "precursor_mz", "adduct",
               "collision_energy", "instrument_type", "licence", "author", "source", "comment")
LICENCES = ("CC BY", "CC0", "NIST notice", "US Government work, freely distributed; figures only")
DERIVATIVE = "peaks above the molecular mass: measured as a derivative"
README_MARK = "<!-- What follows is written by import.py. -->\n"

# Monoisotopic masses in Da (CIAAW) and nominal masses of the elements that occur.
MASSES = {"H": (1.00782503, 1), "C": (12.0, 12), "N": (14.00307400, 14), "O": (15.99491462, 16),
          "F": (18.99840316, 19), "S": (31.97207117, 32), "Cl": (34.96885268, 35), "Br": (78.9183376, 79),
          "I": (126.904472, 127)}
# What an adduct adds to the molecule, in Da.
ADDUCTS = {"[M+H]+": 1.00727646, "[M-H]-": -1.00727646, "[M+Na]+": 22.98922070, "[M+NH4]+": 18.03382555}
EXACT_MASS_TOLERANCE = 0.002
PRECURSOR_TOLERANCE = 0.010
# A peak of at least this share of the base peak this far above the molecular mass cannot come from the molecule.
DERIVATIVE_SHARE = 0.02
DERIVATIVE_MARGIN = 5
# Spectra of fewer peaks than this can be equal by chance.
COPY_PEAKS = 10


class ImportRefused(Exception):
    """The figures contradict themselves; the message says where."""


def read_table(path):
    """Rows of a tab-separated file with a header line, as dictionaries."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if lines[-1] == "":
        lines.pop()
    columns = lines[0].split("\t")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ImportRefused(f"{path.name}:{number}: {len(cells)} columns, the header has {len(columns)}")
        rows.append(dict(zip(columns, cells)))
    return rows


def atoms_of(formula):
    """Atoms of a plain molecular formula."""
    if not re.fullmatch(r"([A-Z][a-z]?\d*)+", formula):
        raise ImportRefused(f"formula {formula!r} cannot be read")
    atoms = collections.Counter()
    for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        if element not in MASSES:
            raise ImportRefused(f"formula {formula!r}: no mass for {element}")
        atoms[element] += int(count or 1)
    return atoms


def monoisotopic_mass(formula):
    return sum(MASSES[element][0] * count for element, count in atoms_of(formula).items())


def nominal_mass(formula):
    return sum(MASSES[element][1] * count for element, count in atoms_of(formula).items())


def read_number(text, what):
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise ImportRefused(f"{what} {text!r} is no number")
    return float(text)


def check_identity(row):
    """InChIKey, formula and exact mass of a spectrum or of a substance."""
    if not re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", row["inchikey"]):
        raise ImportRefused(f"InChIKey {row['inchikey']!r} has another form")
    if not row["name"]:
        raise ImportRefused("no name")
    difference = read_number(row["exact_mass"], "exact mass") - monoisotopic_mass(row["formula"])
    if abs(difference) > EXACT_MASS_TOLERANCE:
        raise ImportRefused(f"exact mass {row['exact_mass']} is {difference:+.4f} Da off {row['formula']}")


def check_text(row):
    """What a line of a record can carry: no control characters, nothing but blanks inside the value."""
    for key, value in row.items():
        if value != value.strip() or any(ord(letter) < 32 for letter in value):
            raise ImportRefused(f"{key} {value!r} has blanks around it or a control character")


def read_peaks(text):
    """Peaks as (m/z, intensity), both as written; checked: ascending m/z, intensities up to a base peak of 999."""
    peaks = [tuple(peak.split(":")) for peak in text.split(" ")]
    if any(len(peak) != 2 for peak in peaks):
        raise ImportRefused("a peak is no pair")
    mz = [read_number(peak[0], "m/z") for peak in peaks]
    intensity = [read_number(peak[1], "intensity") for peak in peaks]
    if any(later <= earlier for earlier, later in zip(mz, mz[1:])):
        raise ImportRefused("m/z do not ascend")
    if max(intensity) != 999 or min(intensity) <= 0:
        raise ImportRefused("intensities do not run up to a base peak of 999")
    return peaks


def is_derivative(row, peaks):
    """An EI spectrum under the plain name whose peaks the molecule is too light for."""
    limit = nominal_mass(row["formula"]) + DERIVATIVE_MARGIN
    return row["kind"] == "EI" and any(
        float(mz) > limit and float(intensity) >= DERIVATIVE_SHARE * 999 for mz, intensity in peaks)


def is_copy(peaks, others):
    """One measurement in two collections, perhaps cut differently: the shorter list stands whole in the longer."""
    common = len(set(peaks) & set(others))
    return common >= COPY_PEAKS and common == min(len(peaks), len(others))


def precursor_note(row):
    """What is odd about the precursor of a record, or None."""
    if row["kind"] == "EI":
        return None
    if not row["precursor_mz"]:
        return "states no precursor m/z"
    stated = read_number(row["precursor_mz"], "precursor m/z")
    if not row["adduct"]:
        return f"states precursor m/z {row['precursor_mz']} and no adduct"
    expected = monoisotopic_mass(row["formula"]) + ADDUCTS[row["adduct"]]
    if abs(stated - expected) > PRECURSOR_TOLERANCE:
        return f"precursor m/z {row['precursor_mz']}, {row['adduct']} of {row['formula']} is {expected:.4f}"
    return None


def check_spectrum(row, substances, authors, seen):
    check_text(row)
    check_identity(row)
    accession = row["accession"]
    if not accession or " " in accession or accession in seen:
        raise ImportRefused("accession missing, with a blank, or used twice")
    if (row["inchikey"].split("-")[0], row["formula"]) not in substances:
        raise ImportRefused(f"no row in substances.tsv for {row['inchikey']} {row['formula']}")
    if row["kind"] not in TRACKS or row["polarity"] not in POLARITIES:
        raise ImportRefused(f"kind {row['kind']!r} or polarity {row['polarity']!r} is unknown")
    if row["adduct"] and row["adduct"] not in ADDUCTS:
        raise ImportRefused(f"adduct {row['adduct']!r} is unknown")
    if row["licence"] not in LICENCES:
        raise ImportRefused(f"licence {row['licence']!r} is not among those that may be shipped")
    if row["licence"] == "CC BY" and not authors.get(accession):
        raise ImportRefused("CC BY without an author in starter_attribution.tsv")


def record_values(row, authors, derivative):
    """What the record states, by its keys."""
    values = {key: row.get(key, "") for key in RECORD_KEYS}
    values["track"] = TRACKS[row["kind"]]
    values["polarity"] = POLARITIES[row["polarity"]]
    values["author"] = authors.get(row["accession"], "")
    values["comment"] = DERIVATIVE if derivative else ""
    return values


def record_text(accession, values, peaks):
    lines = [f"record: {accession}"]
    lines += [f"{key}: {values[key]}" for key in RECORD_KEYS if values[key]]
    lines.append(f"peaks: {len(peaks)}")
    lines += [f"{mz} {intensity}" for mz, intensity in peaks]
    lines.append("end")
    return "\n".join(lines) + "\n"


def read_authors(rows):
    authors = {}
    for row in rows:
        check_text(row)
        if row["accession"] in authors:
            raise ImportRefused(f"{row['accession']}: two rows in starter_attribution.tsv")
        authors[row["accession"]] = row["author"]
    return authors


def read_substances(rows):
    """Keys of the compounds; a compound is the first block of its InChIKey and its formula."""
    compounds = set()
    for row in rows:
        try:
            check_text(row)
            check_identity(row)
        except ImportRefused as refusal:
            raise ImportRefused(f"substances.tsv: {row['name']}: {refusal}") from None
        key = (row["inchikey"].split("-")[0], row["formula"])
        if key in compounds:
            raise ImportRefused(f"substances.tsv: {row['name']}: two rows for one compound")
        compounds.add(key)
    return compounds


def substances_text(rows):
    lines = ["\t".join(SUBSTANCE_COLUMNS)]
    lines += ["\t".join(row[RENAMED.get(column, column)] for column in SUBSTANCE_COLUMNS) for row in rows]
    return "\n".join(lines) + "\n"


def import_spectra(rows, substances, authors):
    """The three files of records, and notes on what is odd."""
    records = {track: ["spectra-records 1\n"] for track in TRACKS.values()}
    notes = {"derivatives": [], "precursors": [], "copies": []}
    seen, of_compound = set(), collections.defaultdict(list)
    for row in rows:
        accession = row["accession"]
        try:
            check_spectrum(row, substances, authors, seen)
            peaks = read_peaks(row["peaks"])
            note = precursor_note(row)
        except ImportRefused as refusal:
            raise ImportRefused(f"starter_spectra.tsv: {accession}: {refusal}") from None
        seen.add(accession)
        derivative = is_derivative(row, peaks)
        if derivative:
            notes["derivatives"].append(f"{accession}: {row['name']}")
        if note:
            notes["precursors"].append(f"{accession}: {row['name']}: {note}")
        earlier = of_compound[row["kind"], row["inchikey"].split("-")[0], row["formula"]]
        notes["copies"] += [f"{accession}: {row['name']}: the peaks of {other}"
                            for other, other_peaks in earlier if is_copy(peaks, other_peaks)]
        earlier.append((accession, peaks))
        values = record_values(row, authors, derivative)
        records[values["track"]].append(record_text(accession, values, peaks))
    return {f"{track}.spectra": "\n".join(texts) for track, texts in records.items()}, notes


def count_rows(spectra, substances):
    sources = collections.Counter((TRACKS[row["kind"]], row["source"], row["licence"]) for row in spectra)
    measured = {track: {row["inchikey"].split("-")[0] for row in spectra if TRACKS[row["kind"]] == track}
                for track in TRACKS.values()}
    classes = collections.Counter(row["class"] for row in substances)
    with_spectrum = set().union(*measured.values())
    return {
        "spectra": dict(collections.Counter(TRACKS[row["kind"]] for row in spectra)),
        "compounds": {track: len(blocks) for track, blocks in measured.items()} | {"any": len(with_spectrum)},
        "licences": dict(collections.Counter(row["licence"] for row in spectra)),
        "sources": [{"track": track, "source": source, "licence": licence, "spectra": count}
                    for (track, source, licence), count in sorted(sources.items())],
        "substances": {name: {"rows": classes[name],
                              "with_spectrum": sum(row["class"] == name
                                                   and row["inchikey"].split("-")[0] in with_spectrum
                                                   for row in substances)}
                       for name in sorted(classes)},
    }


def markdown_table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def notes_text(title, sentence, notes):
    return f"### {title} ({len(notes)})\n\n{sentence}\n\n" + "".join(f"- {note}\n" for note in notes) + "\n"


def readme_tail(counts, notes):
    tracks = [(track, counts["spectra"].get(track, 0), counts["compounds"][track]) for track in TRACKS.values()]
    tracks.append(("together", sum(counts["spectra"].values()), counts["compounds"]["any"]))
    sources = [(row["track"], row["source"], row["licence"], row["spectra"]) for row in counts["sources"]]
    classes = [(name, count["rows"], count["with_spectrum"]) for name, count in counts["substances"].items()]
    return "".join([
        README_MARK, "\n## Counts\n\n",
        markdown_table(("track", "spectra", "compounds"), tracks), "\n",
        markdown_table(("licence", "spectra"), counts["licences"].items()), "\n",
        markdown_table(("track", "source", "licence", "spectra"), sources), "\n",
        markdown_table(("class", "substances", "with a spectrum"), classes), "\n",
        "## Notes on single records\n\n",
        notes_text("Derivatives under the plain name",
                   f"EI records with a peak of at least {DERIVATIVE_SHARE * 100:.0f} % of the base peak more than "
                   f"{DERIVATIVE_MARGIN} Da above the molecular mass; their records carry a `comment`.",
                   notes["derivatives"]),
        notes_text("Precursors",
                   f"Records without precursor or adduct, or whose precursor is more than "
                   f"{PRECURSOR_TOLERANCE * 1000:.0f} mDa off their formula.", notes["precursors"]),
        notes_text("One measurement under two accessions",
                   f"All peaks of the shorter record, {COPY_PEAKS} at least, stand in the other with the same figures: "
                   "such a pair is no replicate.", notes["copies"]),
    ]).rstrip("\n") + "\n"


def readme_text(path, tail):
    head, mark, _ = path.read_text(encoding="utf-8").partition(README_MARK)
    if not mark:
        raise ImportRefused(f"{path.name} has no line {README_MARK.strip()!r}")
    return head + tail


def build(figures, readme):
    """Every file of this folder that the import writes, by name."""
    spectra, attribution, substances = (read_table(figures / name) for name in INPUTS)
    files, notes = import_spectra(spectra, read_substances(substances), read_authors(attribution))
    files["substances.tsv"] = substances_text(substances)
    counts = count_rows(spectra, substances)
    digests = {name: hashlib.sha256((figures / name).read_bytes()).hexdigest() for name in INPUTS}
    sources = {"inputs_sha256": digests, "counts": counts, "notes": notes}
    files["SOURCES.json"] = json.dumps(sources, indent=2, ensure_ascii=False) + "\n"
    files["README.md"] = readme_text(readme, readme_tail(counts, notes))
    return files


def differing_files(files, folder):
    return [name for name, text in files.items()
            if not (folder / name).is_file() or (folder / name).read_bytes() != text.encode("utf-8")]


def main():
    parser = argparse.ArgumentParser(description="Imports the reference records.")
    parser.add_argument("figures", type=pathlib.Path, metavar="FIGURES_DIR",
                        help="folder of starter_spectra.tsv, starter_attribution.tsv and substances.tsv")
    parser.add_argument("--check", action="store_true", help="write nothing; say which files would change")
    options = parser.parse_args()
    try:
        files = build(options.figures, HERE / "README.md")
    except (ImportRefused, OSError) as refusal:
        print(f"import.py: {refusal}", file=sys.stderr)
        return 1
    changed = differing_files(files, HERE)
    for name in changed:
        print(f"{name}: {'differs' if options.check else 'written'}")
        if not options.check:
            (HERE / name).write_bytes(files[name].encode("utf-8"))
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
