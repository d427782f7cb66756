#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares what `spectra convert` reads with what an independent reader reads, record by record: number of records,
keys and values, m/z, intensities, annotations; what it writes again as MSP; the SPLASH where a record states one.

The readers below are written from descriptions of the formats. They read good files and forgive nothing: what they do
not understand is an error of theirs, and so a difference. Files of other formats must be refused by name.

    compare.py FOLDER --spectra PROGRAM      compares every file; a table; status 1 if anything differs
    compare.py --self-test                   shows on altered copies that differences are found
"""
import argparse
import gzip
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from netcdf_reader import read_andi
from splash import splash
from xml_readers import read_mzml, read_mzxml

NUMBER = r"\d*\.?\d+(?:[eE][-+]?\d+)?"


class Record:
    def __init__(self):
        self.pairs, self.peaks, self.notes = [], [], []
        self.exact = True  # else intensities may differ in their last digits

    def add_peak(self, mz, intensity, note=None):
        self.peaks.append((float(mz), float(intensity)))
        self.notes.append(note)

    def ordered(self):
        order = sorted(range(len(self.peaks)), key=lambda i: self.peaks[i][0])
        return [self.peaks[i] for i in order], [self.notes[i] for i in order]

    def metadata(self):
        """Values by key; a list where a key repeats."""
        found = {}
        for key, value in self.pairs:
            found.setdefault(key.strip(), []).append(value.strip())
        return {key: values[0] if len(values) == 1 else values for key, values in found.items()}


def msp_peaks(record, text):
    """"mz int", "mz:int" or "mz<tab>int", several a line with ';' or blanks between; a note behind."""
    while text.strip(" \t;"):
        match = re.match(rf'[ \t;]*({NUMBER})[ \t:]+({NUMBER})(?:[ \t]+"([^"]*)"|[ \t]+([A-Za-z\[(][^;]*))?', text)
        if not match:
            raise ValueError(f"peaks: {text!r}")
        note = match.group(3) if match.group(3) is not None else match.group(4)
        record.add_peak(match.group(1), match.group(2), note.strip() if note else None)
        text = text[match.end():]


def read_msp(lines):
    records, record, left = [], None, 0
    for line in lines:
        if left > 0:
            before = len(record.peaks)
            msp_peaks(record, line)
            left -= len(record.peaks) - before
        elif not line.strip():
            record = None
        elif record is None and line.startswith("#"):
            continue
        else:
            key, value = line.split(":", 1)
            if record is None or record.peaks:
                record = Record()
                records.append(record)
            if re.sub(r"[^a-z]", "", key.lower()) == "numpeaks":
                left = int(value)
                if left == 0:
                    record = None
            else:
                record.pairs.append((key, value))
        if left < 0:
            raise ValueError("more peaks than declared")
    if left:
        raise ValueError("fewer peaks than declared")
    return records


def read_mgf(lines):
    records, record, common = [], None, []
    for line in lines:
        text = line.strip()
        if not text or text[0] in "#;!/":
            continue
        if text == "BEGIN IONS":
            record = Record()
        elif text == "END IONS":
            own = {re.sub(r"\W|_", "", key.lower()) for key, _ in record.pairs}
            record.pairs += [pair for pair in common if re.sub(r"\W|_", "", pair[0].lower()) not in own]
            records.append(record)
            record = None
        elif record is not None and re.match(r"[\d.]", text):
            columns = text.split(None, 2)
            record.add_peak(*columns)
        else:
            (common if record is None else record.pairs).append(tuple(text.split("=", 1)))
    return records


def read_massbank(lines):
    records, record, tag, declared = [], None, None, 0
    for line in lines:
        if line.strip() == "//":
            if len(record.peaks) != declared:
                raise ValueError("another number of peaks than declared")
            record = None
        elif line.startswith("  ") and tag == "PK$PEAK":
            record.add_peak(*line.split()[:2])
        elif line.startswith("  "):
            record.pairs.append((tag, line))
        elif line.strip():
            tag, value = line.split(":", 1)
            if tag == "ACCESSION":
                record = Record()
                records.append(record)
            if tag == "PK$NUM_PEAK":
                declared = int(value)
            elif tag != "PK$PEAK":
                record.pairs.append((tag, value))
    return records


def read_columns(lines):
    record = Record()
    for line in lines:
        columns = re.split(r"[\s,;]+", line.split("#")[0].strip())
        if columns != [""] and re.fullmatch(NUMBER, columns[0]):
            record.add_peak(*columns)
    return [record]


def read_jcamp(lines):
    """Blocks, scans and pages of JCAMP-DX; common labels stand behind those of a scan or page."""
    records, record, common, label, table = [], Record(), [], None, False
    paged, left = False, None
    for line in lines:
        line = line.split("$$")[0]
        if line.startswith("##"):
            label, value = line[2:].split("=", 1)
            if left and table:
                raise ValueError("another number of peaks than declared")
            name, table = re.sub(r"[\s\-/_]", "", label.upper()), False
            if name == "TITLE":
                record, common, paged = Record(), [], False
            if name in ("SCANNUMBER", "PAGE"):
                paged = True
            if name in ("XYDATA", "PEAKTABLE", "DATATABLE"):
                if re.sub(r"\s", "", value) not in ("(XY..XY)", "(XY..XY),PEAKS"):
                    raise ValueError(value)
                record.pairs += common
                records.append(record)
                table = True
            elif name == "NPOINTS":
                left = int(value)
            elif name and not name.startswith("END"):
                if records and records[-1] is record:
                    record = Record()
                (record.pairs if paged else common).append((label, value))
        elif line.strip() and table:
            numbers = re.findall(rf"[^\s,;]+", line)
            for mz, intensity in zip(numbers[::2], numbers[1::2], strict=True):
                record.add_peak(mz, intensity)
                left -= 1
        elif line.strip():
            (record.pairs if paged else common).append((label, line))
    return records


def read_own(lines):
    records, record, in_peaks = [], None, False
    for line in lines[1:]:
        if line == "end":
            record, in_peaks = None, False
        elif in_peaks:
            mz, intensity, *note = line.split(" ", 2)
            record.add_peak(mz, intensity, note[0].strip('"') if note else None)
        elif line.strip() and not line.startswith("#"):
            key, value = line.split(":", 1)
            if key == "record":
                record = Record()
                records.append(record)
            if key == "peaks":
                in_peaks = True
            else:
                record.pairs.append((key, value))
    return records


def content_of(path):
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def text_reader(read):
    return lambda data: read([line.removesuffix("\r") for line in data.decode("utf-8-sig").split("\n")])


def reader_for(path, data):
    """By the ending, and the first word where that says nothing; None for other formats."""
    endings = [suffix.lower() for suffix in path.suffixes]
    if data.startswith(b"ACCESSION:"):
        return "MassBank", text_reader(read_massbank)
    if ".mzspeclib" in endings:
        return None
    if data.startswith(b"CDF") and b"mass_values" not in data:
        return None
    readers = {".msp": ("MSP", text_reader(read_msp)), ".mgf": ("MGF", text_reader(read_mgf)),
               ".csv": ("columns", text_reader(read_columns)), ".txt": ("columns", text_reader(read_columns)),
               ".spectra": ("records", text_reader(read_own)),
               **dict.fromkeys((".jdx", ".dx", ".jca"), ("JCAMP-DX", text_reader(read_jcamp))),
               ".mzxml": ("mzXML", lambda content: read_mzxml(content, Record)),
               ".cdf": ("ANDI/MS", lambda content: read_andi(content, Record)),
               ".mzml": ("mzML", lambda content: read_mzml(content, Record))}
    return next((readers[ending] for ending in endings if ending in readers), None)


def convert(program, path, target):
    """What the program makes of a file: the text of it, its status, and what it says."""
    done = subprocess.run([program, "convert", path, "-o", "-", "--to", target], capture_output=True, check=False)
    return done.stdout.decode("utf-8"), done.returncode, done.stderr.decode("utf-8").replace(str(path), path.name)


def same_peaks(record, found):
    wanted = record.ordered()[0]
    if record.exact:
        return found == wanted
    return len(found) == len(wanted) and all(a[0] == b[0] and abs(a[1] - b[1]) <= 1e-13 * (1 + b[1])
                                             for a, b in zip(found, wanted))


def differences(records, spectra):
    if spectra is None:
        yield "nothing was read"
        return
    if len(records) != len(spectra):
        yield f"{len(spectra)} records where there are {len(records)}"
    for number, (record, spectrum) in enumerate(zip(records, spectra), 1):
        peaks, notes = record.ordered()
        if not same_peaks(record, [tuple(peak) for peak in spectrum["peaks"]]):
            yield f"record {number}: peaks"
        if spectrum.get("annotations", [None] * len(peaks)) != notes:
            yield f"record {number}: annotations"
        if spectrum["metadata"] != record.metadata():
            yield f"record {number}: metadata"


def lost_in_writing(records, text):
    """What MSP written by the program lacks of the records; it may say more, in front."""
    written = read_msp(text.split("\n"))
    if len(written) != len(records):
        return ["written as MSP: number of records"]
    lost = []
    for number, (record, again) in enumerate(zip(records, written), 1):
        wanted = [(key.strip(), value.strip()) for key, value in record.pairs]
        pairs = [(key.strip(), value.strip()) for key, value in again.pairs]
        if not same_peaks(record, again.ordered()[0]) or record.ordered()[1] != again.ordered()[1] or pairs[len(pairs) - len(wanted):] != wanted:
            lost.append(f"written as MSP: record {number}")
    return lost


def splash_state(records, warnings):
    """"agree n/m", and whether the program warned of exactly those that do not."""
    stated = agreed = 0
    for record in records:
        for key, value in record.pairs:
            if key.strip().lower() in ("splash", "pk$splash"):
                stated += 1
                agreed += splash(record.ordered()[0]) == value.strip()
    return f"{agreed}/{stated}" if stated else "", warnings.count("stated SPLASH") == stated - agreed


def compare_file(program, path):
    """A row of the table, and whether all is well."""
    data = content_of(path)
    kind = reader_for(path, data)
    json_text, status, said = convert(program, path, "json")
    spectra = json.loads(json_text) if json_text else None
    try:
        records = kind[1](data) if kind else None
    except xml.etree.ElementTree.ParseError as error:
        refused = not spectra and status == 3
        return (path.name, kind[0], "damaged", f"{error}; program: {said.strip()[:60]}", "", ""), refused
    if kind is None:
        match = re.search(r": ([^:]+) is not read by this version", said)
        refused = spectra is None and status == 3 and match is not None
        return (path.name, "-", "refused", match.group(1) if match else said.strip()[:60], "", ""), refused
    found = list(differences(records, spectra)) + lost_in_writing(records, convert(program, path, "msp")[0])
    state, honest = splash_state(records, said)
    if not honest:
        found.append("warnings of the SPLASH")
    warnings = sorted(set(re.findall(r"warning: (.*)", said)))
    peaks = sum(len(record.peaks) for record in records)
    pairs = sum(len(record.pairs) for record in records)
    return (path.name, kind[0], f"{len(records)} records", f"{peaks} peaks, {pairs} pairs", state,
            "; ".join(found) if found else "equal" + (" (" + "; ".join(warnings) + ")" if warnings else "")), not found


def compare(program, folder):
    """Every file that is no table of sources and is not bad on purpose."""
    paths = sorted(path for path in folder.iterdir()
                   if path.is_file() and path.name != "SOURCES.tsv" and not path.name.startswith("bad"))
    rows, bad = [], 0
    for path in paths:
        row, good = compare_file(program, path)
        rows.append(row)
        bad += not good
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print(f"{len(rows)} files, {bad} not as they should be")
    return 1 if bad or not rows else 0


def self_test():
    """Each kind of difference is seen, and nothing where there is none; what was missed, or None."""
    records = read_msp(["Name: a", "Splash: x", "Num Peaks: 2", "1 2", "3 4 note", ""])
    good = {"metadata": {"Name": "a", "Splash": "x"}, "peaks": [[1, 2], [3, 4]], "annotations": [None, "note"]}
    cases = (([], [good]),
             (["nothing was read"], None),
             (["2 records where there are 1"], [good, good]),
             (["record 1: peaks"], [good | {"peaks": [[1, 2], [3, 5]]}]),
             (["record 1: peaks"], [good | {"peaks": [[1, 2]]}]),
             (["record 1: annotations"], [good | {"annotations": [None, None]}]),
             (["record 1: metadata"], [good | {"metadata": {"Name": "a"}}]))
    for expected, spectra in cases:
        if list(differences(records, spectra)) != expected:
            return expected
    text = "Name: a\nSplash: x\nNum Peaks: 2\n1 2\n3 4 \"note\"\n\n"
    if lost_in_writing(records, "More: b\n" + text):
        return "a key in front"
    for old, new in (("Name: a\n", ""), ("Splash: x", "Splash: y"), ("1 2", "1 3"), ("note", "not"), (text, "")):
        if not lost_in_writing(records, text.replace(old, new)):
            return f"written without {old!r}"
    if splash_state(records, "") != ("0/1", False) or splash_state(records, "stated SPLASH") != ("0/1", True):
        return "a SPLASH that does not agree"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.msp", "a.mzData"):
            path = pathlib.Path(folder) / name
            path.write_text("Name: a\nNum Peaks: 0\n\n", "utf-8")
            if compare_file("false", path)[1]:
                return f"a program that reads nothing of {name}"
    return None


def main():
    parser = argparse.ArgumentParser(description="Compares the program's readers with independent ones.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--spectra", metavar="PROGRAM")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    if options.self_test:
        missed = self_test()
        print("self-test:", missed or "every difference is seen")
        return 1 if missed else 0
    if not options.folder or not options.spectra:
        parser.error("give a folder and the program")
    return compare(options.spectra, options.folder)


if __name__ == "__main__":
    sys.exit(main())
