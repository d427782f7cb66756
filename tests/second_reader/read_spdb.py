#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second reader of the database file, written from docs/FORMAT.md alone: it checks the digests and prints every
substance, entry and peak set. What the library and this page both say of a file is what the format says.
"""
import hashlib
import struct
import sys

TRACKS, POLARITIES = {1: "ei", 2: "msms", 3: "insource"}, {1: "positive", 2: "negative"}
SETS = ("nominal", "windowed", "open", "fine")
# Kinds of sections, and what their rows hold.
STRINGS, SUBSTANCES, ENTRIES, RECIPE = 0x01, 0x02, 0x03, 0x10
FAMILIES, SITES, FRAGMENTS, DELTAS, INTENSITIES, BACKGROUNDS, PARAMETERS = range(0x04, 0x0b)
NOMINAL_INDEX, NOMINAL_MZ, ROOT, WEIGHTED = 0x11, 0x12, 0x13, 0x14
ACCURATE_INDEX, ACCURATE_MZ, WEIGHT, ACCURATE_ROOT, CALIBRATION = 0x21, 0x22, 0x23, 0x24, 0x41
ROWS = {SUBSTANCES: "<8IqII", ENTRIES: "<12IBBH", CALIBRATION: "<BBH3I6iQ", FAMILIES: "<4Iq4I", SITES: "<6I",
        FRAGMENTS: "<8I", DELTAS: "<4IqIIQ", INTENSITIES: "<10I", BACKGROUNDS: "<IHH8I", PARAMETERS: "<4Iq",
        RECIPE: "<4IQ", NOMINAL_INDEX: "<IIHHIQQ", NOMINAL_MZ: "<H",
        ROOT: "<H", WEIGHTED: "<H", ACCURATE_INDEX: "<4I", ACCURATE_MZ: "<I", WEIGHT: "<H", ACCURATE_ROOT: "<H"}
# Postings, offsets of cells and rows of blocks: by m/z, and by neutral loss.
POSTINGS = {"m/z": (0x30, 0x31, 0x32), "loss": (0x38, 0x39, 0x3a)}
ROWS.update((kind, row) for kinds in POSTINGS.values() for kind, row in zip(kinds, ("<I", "<I", "<2I")))
KNOWLEDGE = {FAMILIES: "family", SITES: "site", FRAGMENTS: "fragment", DELTAS: "delta", INTENSITIES: "intensity",
             BACKGROUNDS: "background", PARAMETERS: "parameter"}
# Which fields of a knowledge row are texts, and which are reserved.
TEXTS = {FAMILIES: (0, 1, 2, 3), SITES: (1, 2, 3), FRAGMENTS: (2,), DELTAS: (3,), PARAMETERS: (2,)}
RESERVED = {FAMILIES: (8,), SITES: (5,), FRAGMENTS: (7,), DELTAS: (7,), INTENSITIES: (1,), PARAMETERS: (3,)}


def insist(condition, what):
    if not condition:
        raise SystemExit(f"the file breaks the format: {what}")


def check_digests(data):
    """The offset of the digest section, once header and digests hold."""
    insist(len(data) >= 256 and data[:8] == b"\x89SPD\r\n\x1a\n", "magic")
    major, _, _, size, digests, block = struct.unpack_from("<HHIQQI", data, 8)
    insist(major == 0 and block == 65536, "version or block size")
    insist(size == len(data) and 256 <= digests <= size and digests % 64 == 0, "sizes")
    blocks = [data[at:min(at + block, digests)] for at in range(256, digests, block)]
    insist(data[digests:] == b"".join(hashlib.sha256(part).digest() for part in blocks), "digest of a block")
    root = hashlib.sha256(data[:224] + bytes(32) + data[digests:]).digest()
    insist(root == data[224:256], "root digest")
    return digests


def read_sections(data, digests):
    """{(kind, track, polarity, set): bytes or rows}"""
    count, = struct.unpack_from("<I", data, 12)
    end, found = 256 + 32 * count, {}
    for row in range(count):
        kind, version, track, polarity, which, flags, offset, size, rows = struct.unpack_from(
            "<HHBBBBQQQ", data, 256 + 32 * row)
        insist(offset % 64 == 0 and end <= offset and offset + size <= digests, f"place of section {row}")
        insist(not any(data[end:offset]), f"bytes before section {row}")
        end = offset + size
        optional = kind in KNOWLEDGE or kind in (ACCURATE_ROOT, CALIBRATION) or any(kind in kinds for kinds in POSTINGS.values())
        insist(bool(flags & 1) == optional or kind not in ROWS, f"flags of section {row}")
        if version != 1 or kind not in (STRINGS, *ROWS):
            insist(flags & 1, f"section {row} is unknown and not optional")
            continue
        key, content = (kind, track, polarity, which), data[offset:end]
        insist(key not in found, f"section {row} is there twice")
        if kind in ROWS:
            insist(size == rows * struct.calcsize(ROWS[kind]), f"size of section {row}")
            content = list(struct.iter_unpack(ROWS[kind], content))
        found[key] = content
    insist(not any(data[end:digests]), "bytes behind the last section")
    return found


def text_at(strings, reference):
    return strings[reference:strings.index(b"\0", reference)].decode("utf-8", "backslashreplace")


def print_texts(kind, number, strings, references, numbers):
    print("\t".join([kind, str(number), *(text_at(strings, at) for at in references), *map(str, numbers)]))


def print_set(sections, place, accurate):
    """One line for each spectrum: what its index row says, and its peaks."""
    name = f"{TRACKS[place[0]]} {POLARITIES[place[1]]} {SETS[place[2]]}"
    (*recipe, fingerprint), = sections[(RECIPE, *place)]
    expected = hashlib.sha256(b"spectra recipe 1" + struct.pack("<4I", *recipe)).digest()[:8]
    insist(struct.pack("<Q", fingerprint) == expected and recipe[0] == 1 + accurate, f"recipe of {name}")
    index = sections[(ACCURATE_INDEX if accurate else NOMINAL_INDEX, *place)]
    kinds = (ACCURATE_MZ, WEIGHT, ACCURATE_ROOT) if accurate else (NOMINAL_MZ, ROOT, WEIGHTED)
    arrays = [[value for value, in sections[(kind, *place)]] for kind in kinds
              if kind != ACCURATE_ROOT or (kind, *place) in sections]
    insist(index[-1][1] == len(arrays[0]) and all(len(one) == len(arrays[0]) for one in arrays), f"peaks of {name}")
    print("set", name, *recipe, len(index) - 1, sep="\t")
    for row, following in zip(index, index[1:]):
        peaks = zip(*(one[row[1]:following[1]] for one in arrays))
        facts = row[:3] if accurate else (*row[:3], *row[5:])
        print("spectrum", name, *facts, *(":".join(map(str, peak)) for peak in peaks), sep="\t")


def print_knowledge(kind, strings, rows):
    """The fields in the order of the row, texts spelt out."""
    for number, row in enumerate(rows):
        insist(not any(row[at] for at in RESERVED.get(kind, ())), f"reserved field of {KNOWLEDGE[kind]} {number}")
        insist(kind not in (INTENSITIES, BACKGROUNDS) or sum(row[-8:]) == 1000000, f"shares of {number}")
        fields = [text_at(strings, value) if at in TEXTS.get(kind, ()) else value for at, value in enumerate(row)
                  if at not in RESERVED.get(kind, ())]
        print(KNOWLEDGE[kind], number, *fields, sep="\t")


def weight_code(weight):
    shift = max(weight.bit_length() - 5, 0)
    return 16 * shift + -(-weight // 2 ** shift)


def expected_postings(sections, place, by_loss):
    """Postings of each block as (cell, word), from the peaks themselves."""
    index = sections[(ACCURATE_INDEX, *place)]
    mz, weight = ([value for value, in sections[(kind, *place)]] for kind in (ACCURATE_MZ, WEIGHT))
    blocks = [[] for _ in range(0, len(index) - 1, 65536)]
    for number, (row, following) in enumerate(zip(index, index[1:])):
        for peak in range(row[1], following[1]):
            unit = (2 ** 32 + row[2] - mz[peak] if by_loss else mz[peak]) // 40
            word = unit % 256 << 24 | number % 65536 << 8 | weight_code(weight[peak])
            blocks[number // 65536].append((unit // 256, word))
    return [sorted(block) for block in blocks]


def print_postings(sections, place, key):
    """One line for each block, once it holds precisely the peaks."""
    name = f"{TRACKS[place[0]]} {POLARITIES[place[1]]} {SETS[place[2]]}"
    words, offsets, blocks = (sections.get((kind, *place)) for kind in POSTINGS[key])
    if words is None and offsets is None and blocks is None:
        return
    insist(words is not None and offsets is not None and blocks is not None, f"postings of {name}")
    words, offsets = [word for word, in words], [offset for offset, in offsets]
    expected = expected_postings(sections, place, key == "loss")
    insist(len(blocks) == len(expected) + 1 and blocks[-1] == (0, len(offsets)), f"posting blocks of {name}")
    for number, (block, (first, start), (_, end)) in enumerate(zip(expected, blocks, blocks[1:])):
        found = [(first + cell, word) for cell, (low, high) in enumerate(zip(offsets[start:end], offsets[start + 1:end]))
                 for word in words[low:high]]
        insist(found == block, f"postings by {key} of {name}")
        print("postings", key, name, number, first, end - start - 1, len(found), sep="\t")
    insist(len(words) == sum(map(len, expected)), f"count of postings by {key} of {name}")


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    sections = read_sections(data, check_digests(data))
    print("database", data[224:256].hex(), sep="\t")
    strings = sections[(STRINGS, 0, 0, 0)]
    for number, row in enumerate(sections[(SUBSTANCES, 0, 0, 0)]):
        print_texts("substance", number, strings, row[:8], row[8:10])
    for number, row in enumerate(sections[(ENTRIES, 0, 0, 0)]):
        print_texts("entry", number, strings, row[:10], [row[10], row[11], TRACKS[row[12]], POLARITIES[row[13]]])
    for track, polarity, _, *row, _ in sections.get((CALIBRATION, 0, 0, 0), []):
        print("calibration", TRACKS[track], POLARITIES[polarity], *row, sep="\t")
    for kind in KNOWLEDGE:
        print_knowledge(kind, strings, sections.get((kind, 0, 0, 0), []))
    for kind, *place in sorted(sections):
        if kind == RECIPE:
            print_set(sections, tuple(place), place[2] > 0)
            for key in POSTINGS if place[2] != 0 else ():
                print_postings(sections, tuple(place), key)


if __name__ == "__main__":
    main()
