# SPDX-License-Identifier: Apache-2.0
"""Readers of mzML and mzXML for compare.py, written from the descriptions of these and of MS-Numpress on Python's own XML parser,
zlib and base64: nothing of them is the library's."""
import base64
import math
import struct
import xml.etree.ElementTree
import zlib

TERMS = {"MS:1000016": ("Retention_time", None, ""), "MS:1000041": ("Charge", None, ""),
         "MS:1000045": ("Collision_energy", None, ""), "MS:1000138": ("Collision_energy", None, "NCE"),
         "MS:1000129": ("Ion_mode", "negative", ""), "MS:1000130": ("Ion_mode", "positive", ""),
         "MS:1000389": ("Ionization", "EI", ""), "MS:1000511": ("MS_level", None, ""),
         "MS:1000744": ("Precursor_mz", None, "")}
UNITS = {"UO:0000010": "s", "UO:0000028": "ms", "UO:0000031": "min", "UO:0000187": "%", "UO:0000266": "eV",
         "MS:1000040": "", "MS:1000131": ""}
NUMBERS = {"MS:1000519": "i", "MS:1000521": "f", "MS:1000522": "q", "MS:1000523": "d"}
PACKINGS = {"MS:1000574": (None, True), "MS:1000576": (None, False), "MS:1002312": ("linear", False),
            "MS:1002313": ("pic", False), "MS:1002314": ("slof", False), "MS:1002746": ("linear", True),
            "MS:1002747": ("pic", True), "MS:1002748": ("slof", True)}


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def half_bytes(data):
    for byte in data:
        yield byte >> 4
        yield byte & 15


def integers(data):
    """Whole numbers of MS-Numpress: a head that counts what is left out, then digits from the lowest."""
    halves = list(half_bytes(data))
    at, found = 0, []
    while at < len(halves) and not (at == len(halves) - 1 and halves[at] == 0):
        head = halves[at]
        left_out, filler = (head, 0) if head <= 8 else (head - 8, 15)
        digits = halves[at + 1:at + 1 + 8 - left_out]
        if len(digits) != 8 - left_out:
            raise ValueError("MS-Numpress ends inside a number")
        digits += [filler] * left_out
        found.append(sum(digit << 4 * i for i, digit in enumerate(digits)))
        at += 9 - left_out
    return found


def numpress(way, data):
    if not data:
        return []
    if way == "pic":
        return [float(value) for value in integers(data)]
    factor = struct.unpack(">d", data[:8])[0]
    if way == "slof":
        return [math.exp(value / factor) - 1 for value, in struct.iter_unpack("<H", data[8:])]
    values = [value for value, in struct.iter_unpack("<I", data[8:16])]
    for difference in integers(data[16:]):
        if difference >= 1 << 31:
            difference -= 1 << 32
        values.append(2 * values[-1] - values[-2] + difference)
    return [value / factor for value in values]


def params_of(element, groups):
    """The parameters that stand in an element itself, those of the groups it refers to in their place."""
    for child in element:
        if local(child) in ("cvParam", "userParam"):
            yield child
        elif local(child) == "referenceableParamGroupRef":
            yield from groups[child.get("ref")]


def pair(param):
    accession = param.get("accession", "") if local(param) == "cvParam" else ""
    key, fixed, unit = TERMS.get(accession, (param.get("name").strip(" :"), None, ""))
    value = param.get("value", "") if fixed is None else fixed
    unit = UNITS.get(param.get("unitAccession", ""), param.get("unitName", "")) or unit
    return key, f"{value} {unit}" if value and unit else value


def pairs_of(element, groups):
    if local(element) in ("spectrum", "scan", "precursor"):
        yield from ((key, value) for key, value in element.attrib.items() if key != "defaultArrayLength")
    for child in element:
        if local(child) in ("cvParam", "userParam"):
            yield pair(child)
        elif local(child) == "referenceableParamGroupRef":
            yield from map(pair, groups[child.get("ref")])
        elif local(child) != "binaryDataArrayList":
            yield from pairs_of(child, groups)


def array_of(element, groups):
    """What is in an array, its numbers, and whether these are the same on every machine."""
    accessions = [param.get("accession") for param in params_of(element, groups)]
    content = next((a for a in accessions if a in ("MS:1000514", "MS:1000515")), None)
    if content is None:
        return None, [], True
    way, packed = next(PACKINGS[a] for a in accessions if a in PACKINGS)
    binary = next(child for child in element if local(child) == "binary")
    data = base64.b64decode("".join((binary.text or "").split()), validate=True)
    if packed and data:
        data = zlib.decompress(data)
    if way:
        return content, numpress(way, data), way != "slof"
    kind = next(NUMBERS[a] for a in accessions if a in NUMBERS)
    return content, [float(value) for value, in struct.iter_unpack("<" + kind, data)], True


def read_mzml(data, new_record):
    root = xml.etree.ElementTree.fromstring(data)
    groups = {group.get("id"): list(group) for group in root.iter() if local(group) == "referenceableParamGroup"}
    sources = [param.get("accession") for source in root.iter() if local(source) == "source"
               for param in params_of(source, groups)]
    records = []
    for spectrum in (element for element in root.iter() if local(element) == "spectrum"):
        record = new_record()
        record.pairs = list(pairs_of(spectrum, groups))
        if "MS:1000389" in sources:
            record.pairs.append(("Ionization", "EI"))
        arrays = {}
        for element in spectrum.iter():
            if local(element) == "binaryDataArray":
                content, values, same = array_of(element, groups)
                arrays[content] = values
                record.exact &= same
        mz, intensity = arrays.get("MS:1000514", []), arrays.get("MS:1000515", [])
        if not len(mz) == len(intensity) == int(spectrum.get("defaultArrayLength")):
            raise ValueError("arrays of other lengths than declared")
        for a, b in zip(mz, intensity):
            if a != 0:
                record.add_peak(a, b)
        records.append(record)
    return records


def scan_pairs(element):
    for key, value in element.attrib.items():
        if key == "retentionTime" and value.startswith("PT") and value.endswith("S"):
            yield key, f"{value[2:-1]} s"
        elif key != "peaksCount":
            yield ("Charge" if key == "precursorCharge" else key), value


def read_mzxml(data, new_record):
    root = xml.etree.ElementTree.fromstring(data)
    sources = [element.get("value") for element in root.iter() if local(element) == "msIonisation"]
    records = []
    for scan in (element for element in root.iter() if local(element) == "scan"):
        record = new_record()
        record.pairs = list(scan_pairs(scan))
        for child in scan:
            name = local(child)
            if name == "nameValue":
                record.pairs.append((child.get("name"), child.get("value")))
            elif name in ("precursorMz", "comment", "scanOrigin", "maldi"):
                record.pairs += scan_pairs(child)
                if name in ("precursorMz", "comment"):
                    record.pairs.append(("Precursor_mz" if name == "precursorMz" else name, child.text))
            elif name == "peaks" and int(scan.get("peaksCount")) > 0:
                packed = base64.b64decode("".join(child.text.split()), validate=True)
                packed = zlib.decompress(packed) if child.get("compressionType") == "zlib" else packed
                numbers = [value for value, in struct.iter_unpack(">" + {"32": "f", "64": "d"}[child.get("precision")], packed)]
                if len(numbers) != 2 * int(scan.get("peaksCount")):
                    raise ValueError("another number of peaks than declared")
                for mz, intensity in zip(numbers[::2], numbers[1::2]):
                    if mz != 0:
                        record.add_peak(mz, intensity)
        record.pairs += [("Ionization", source) for source in sources[:1]]
        records.append(record)
    return records
