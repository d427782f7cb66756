# SPDX-License-Identifier: Apache-2.0
"""A reader of ANDI/MS for compare.py, written from the descriptions of netCDF classic and of ASTM E2077."""
import struct

CODES = {1: "b", 2: "c", 3: "h", 4: "i", 5: "f", 6: "d"}
NAMES = {"test_ionization_polarity": "Ion_mode"}


class Header:
    def __init__(self, data):
        self.data, self.at, self.wide = data, 4, data[3] == 2
        self.records = self.number()
        self.lengths = [length for _, length in self.items(lambda: (self.name(), self.number()))]
        self.attributes = dict(self.items(self.attribute))
        self.variables = {variable[0]: variable for variable in self.items(self.variable)}
        sizes = [self.size(variable) for variable in self.variables.values() if 0 in self.shape(variable)]
        self.record_size = sizes[0] if len(sizes) == 1 else sum((size + 3) // 4 * 4 for size in sizes)

    def number(self):
        self.at += 4
        return struct.unpack_from(">I", self.data, self.at - 4)[0]

    def offset(self):
        high = self.number() if self.wide else 0
        return high << 32 | self.number()

    def take(self, size):
        found = self.data[self.at:self.at + size]
        self.at += (size + 3) // 4 * 4
        return found

    def name(self):
        return self.take(self.number()).decode()

    def items(self, item):
        self.number()
        return [item() for _ in range(self.number())]

    def attribute(self):
        name, kind, count = self.name(), self.number(), self.number()
        data = self.take(count * struct.calcsize(">" + CODES[kind]))
        if kind == 2:
            return name, data.split(b"\0")[0].decode()
        return name, struct.unpack(f">{count}{CODES[kind]}", data)

    def variable(self):
        name = self.name()
        dimensions = [self.number() for _ in range(self.number())]
        attributes, kind, _, begin = dict(self.items(self.attribute)), self.number(), self.number(), self.offset()
        return name, dimensions, attributes, kind, begin

    def shape(self, variable):
        return [self.lengths[i] for i in variable[1]]

    def size(self, variable):
        size = struct.calcsize(">" + CODES[variable[3]])
        for length in self.shape(variable):
            size *= length or 1
        return size

    def values(self, name):
        variable = self.variables.get(name)
        if variable is None:
            return None
        _, _, attributes, kind, begin = variable
        shape, width = self.shape(variable), struct.calcsize(">" + CODES[kind])
        count, step = (self.records, self.record_size) if shape[0] == 0 else (shape[0], width)
        scale, add = attributes.get("scale_factor", (1.0,))[0], attributes.get("add_offset", (0.0,))[0]
        return [struct.unpack_from(">" + CODES[kind], self.data, begin + i * step)[0] * scale + add for i in range(count)]


def text_of(number):
    return repr(float(number)).removesuffix(".0")


def read_andi(data, record_type):
    header, records = Header(data), []
    masses, intensities = header.values("mass_values"), header.values("intensity_values")
    times, numbers = header.values("scan_acquisition_time"), header.values("actual_scan_number")
    for i, (first, count) in enumerate(zip(header.values("scan_index"), header.values("point_count"), strict=True)):
        record = record_type()
        for key, values, unit in (("Scan", numbers, ""), ("Retention_time", times, " s")):
            if values is not None and values[i] >= 0:
                record.pairs.append((key, text_of(values[i]) + unit))
        for key, value in header.attributes.items():
            if isinstance(value, str) and value.strip():
                electrons = key == "test_ionization_mode" and "Electron Impact" in value
                record.pairs.append(("Ionization" if electrons else NAMES.get(key, key), value))
        for k in range(int(first), int(first + count)):
            if masses[k] != 0:
                record.add_peak(masses[k], intensities[k])
        records.append(record)
    return records
