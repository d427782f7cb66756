# SPDX-License-Identifier: Apache-2.0
"""Are the probabilities of an identification true? Spectra of laboratories that the database was not fitted on are
identified once as they are and once with their compound left out, in equal weight, as the probabilities assume.
"""

BINS = 10


def outcome(truth, answer, same_compound):
    """(structure right, formula right) of the best candidate."""
    best = answer["candidates"][0]
    row = {"inchikey": best["inchikey"], "formula": best["formula"], "name": best["substance"]}
    return same_compound(truth, row), best["formula"] == truth["formula"]


def cases_of(truths, answers, level, same_compound):
    """(probability, whether it came true) of each answer that has one; level 0 is the structure, 1 the group."""
    cases = []
    for truth in truths:
        answer = answers.get(truth["id"]) or {}
        probability = (answer.get("probability") or {}).get(("structure", "group")[level])
        if probability is not None:
            cases.append((probability, outcome(truth, answer, same_compound)[level]))
    return cases


def bin_of(probability):
    return min(int(probability * BINS), BINS - 1)


def calibration_error(weighted):
    """Expected calibration error over ten bins of (probability, came true, weight), and the bins' rows."""
    rows, error, total = [], 0.0, sum(case[2] for case in weighted)
    for number in range(BINS):
        inside = [case for case in weighted if bin_of(case[0]) == number]
        weight = sum(case[2] for case in inside)
        if not inside:
            continue
        said = sum(case[0] * case[2] for case in inside) / weight
        came = sum(case[1] * case[2] for case in inside) / weight
        rows.append((number, len(inside), said, came))
        error += weight / total * abs(said - came)
    return error, rows


def report_calibration(report, what, present, absent, same_compound):
    """`present` and `absent`: (truths, answers) with the compound in the reference and without."""
    for level, name in enumerate(("structure", "group")):
        weighted = []
        for truths, answers in (present, absent):
            weighted += [(probability, came_true, 1 / len(truths))
                         for probability, came_true in cases_of(truths, answers, level, same_compound)]
        error, rows = calibration_error(weighted)
        report.number(f"{what}, {name}: expected calibration error", len(weighted), error)
        for _, count, said, came in rows:
            report.figure(f"{what}, {name}: came true where {said:.2f} was said", count, f"{came:.4f}")
        print("    said, came true (n):", "; ".join(f"{said:.2f} {came:.2f} ({n})" for _, n, said, came in rows))
