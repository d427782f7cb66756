# SPDX-License-Identifier: Apache-2.0
"""The C API as ctypes sees it: constants, structs and signatures, and nothing else.

Names are those of the headers, so that tests/python/check_ffi.py can compile what stands here against them: every
constant, every member of every struct, every parameter of every function. What the headers call ``const`` is not told
here. Pointers to structs that only the library looks into are those of empty structs.
"""

from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint8,
                    c_uint32, c_uint64, c_void_p)

VERSION = (0, 1, 0)  # SPECTRA_VERSION_MAJOR, _MINOR and _PATCH of the headers that this page follows

# Constants: {end of the name: value}, by what all names of a group begin with.
STATUS = dict(OK=0, END=1, E_INVALID=-1, E_MEMORY=-2, E_IO=-3, E_FORMAT=-4, E_LIMIT=-5, E_CORRUPT=-6, E_VERSION=-7,
              E_RECIPE=-8, E_NOT_FOUND=-9, E_UNSUPPORTED=-10)
LIMITS = dict(SPLASH_SIZE=46, ENERGY_MAX_VALUES=16, SCORE_ONE=1 << 30, MODIFIED_SITES=4, MAIN_PEAKS=10,
              MIXTURE_SPECTRA=16, MIXTURE_COMPONENTS=16, MIXTURE_UNEXPLAINED=10, FFT_MAX_COUNT=1 << 26)
TRACK = dict(UNKNOWN=0, EI=1, MSMS=2, INSOURCE=3)
POLARITY = dict(UNKNOWN=0, POSITIVE=1, NEGATIVE=2)
FIELD = {name: number for number, name in enumerate((
    "NAME", "ACCESSION", "INCHIKEY", "INCHI", "SMILES", "FORMULA", "CAS", "EXACT_MASS", "PRECURSOR_MZ", "ADDUCT", "CHARGE",
    "POLARITY", "SPECTRUM_TYPE", "IONISATION", "INSTRUMENT_TYPE", "INSTRUMENT", "COLLISION_ENERGY", "RETENTION_TIME",
    "RETENTION_INDEX", "LICENCE", "AUTHOR", "SOURCE", "CLASS", "SITES", "SPLASH", "COMMENT", "TRACK", "SYNONYM", "COLUMN",
    "COUNT"))}
ENERGY = dict(UNKNOWN=0, EV=1, NORMALISED=2, VOLT=3, SINGLE=1, RANGE=2, SEVERAL=3)
COLUMN = dict(UNKNOWN=0, SEMI_STANDARD_NON_POLAR=1, STANDARD_NON_POLAR=2, STANDARD_POLAR=3)
RECIPE = dict(NOMINAL=1, ACCURATE=2)
FORMAT = dict(UNKNOWN=0, MSP=1, MGF=2, MASSBANK=3, TEXT=4, RECORD=5, JSON=6, MZML=7, JCAMP=8, MZXML=9, ANDI=10)
OPEN = dict(MAP=0, COPY=1)
POSTINGS = dict(DEFAULT=0, NEVER=1, ALWAYS=2)
SEARCH = dict(IDENTITY=0, SIMILARITY=1, REVERSE=2, HYBRID=3)
MEASURE = dict(DEFAULT=0, MATCH_FACTOR=1, IDENTITY=2, ENTROPY=3, COSINE=4, WEIGHTED_COSINE=5, MODIFIED_COSINE=6,
               NEUTRAL_LOSS=7, HYBRID=8)
VERDICT = dict(SUPPORTED=0, NOT_DISTINGUISHED=1, CLASS_ONLY=2, INCONCLUSIVE=3, NO_MATCH=4)
CALIBRATION = dict(NONE=0, INSIDE=1, OUTSIDE=2)
MASS = dict(UNKNOWN=0, GIVEN=1, OBSERVED=2, INFERRED=3)
REPORT = dict(TEXT=0, JSONL=1, TSV=2)
SAMPLES = dict(DOUBLE=0, FLOAT=1, UINT16=2, UINT32=3, INT16=4, INT32=5)
IONISATION = dict(UNKNOWN=0, EI=1, PROTONATED=2)
PEAKS = dict(COMB=0, CENTROID=1)
BASELINE = dict(OPENING=0, HIGH_PASS=1, NONE=2)
PEAK = dict(SATURATED=1, AT_GAP=2, DISTURBED=4)
PROFILE = dict(AXIS_UNDETERMINED=1, SATURATED=2, GAPS=4, NO_SIGNAL=8)
ANALYSER = dict(ICR=0, ORBITRAP=1)
APODISATION = dict(HANN=0, KAISER=1, NONE=2)
SCAN = dict(BLANK=0, SAMPLE=1)
SESSION = dict(NO_BLANK=1, CARRIED=2)
ALARM = dict(CLEAR=0, CLASS=1, TARGET=2)
TRANSIENT = dict(SATURATED=1, NO_SIGNAL=2, PEAKS_LEFT_OUT=4)

CONSTANTS = {
    "": {**STATUS, **LIMITS}, "TRACK_": TRACK, "POLARITY_": POLARITY, "FIELD_": FIELD, "ENERGY_": ENERGY, "COLUMN_": COLUMN,
    "RECIPE_": RECIPE, "FORMAT_": FORMAT, "OPEN_": OPEN, "POSTINGS_": POSTINGS, "SEARCH_": SEARCH, "MEASURE_": MEASURE,
    "VERDICT_": VERDICT, "CALIBRATION_": CALIBRATION, "MASS_": MASS, "REPORT_": REPORT, "SAMPLES_": SAMPLES,
    "IONISATION_": IONISATION, "PEAKS_": PEAKS, "BASELINE_": BASELINE, "PEAK_": PEAK, "PROFILE_": PROFILE,
    "ANALYSER_": ANALYSER, "APODISATION_": APODISATION, "TRANSIENT_": TRANSIENT, "SCAN_": SCAN,
    "SESSION_": SESSION, "ALARM_": ALARM}

# Types that the headers give a name: what they are.
status = track = polarity = field = energy_unit = energy_shape = column = format_ = postings = mode = measure = c_int32
verdict = calibration = mass_origin = report_format = samples = ionisation = peak_method = baseline = c_int32
analyser = apodisation = scan = alarm_state = c_int32
text = c_char_p
digest = POINTER(c_uint8)  # 32 bytes


# Only the library looks into these.
class spectra_spectrum(Structure):
    pass


class spectra_reader(Structure):
    pass


class spectra_writer(Structure):
    pass


class spectra_prepared(Structure):
    pass


class spectra_database(Structure):
    pass


class spectra_builder(Structure):
    pass


class spectra_error(Structure):
    _fields_ = [("status", status), ("reserved", c_uint32), ("line", c_uint64), ("offset", c_uint64),
                ("message", c_char * 240)]


class spectra_allocator(Structure):
    _fields_ = [("context", c_void_p), ("allocate", CFUNCTYPE(c_void_p, c_void_p, c_size_t)),
                ("release", CFUNCTYPE(None, c_void_p, c_void_p, c_size_t))]


class spectra_scratch(Structure):
    _fields_ = [("bytes", POINTER(c_uint8)), ("size", c_size_t), ("used", c_size_t), ("peak", c_size_t)]


class spectra_tolerance(Structure):
    _fields_ = [("uth", c_uint32), ("ppm", c_uint32)]


class spectra_collision_energy(Structure):
    _fields_ = [("unit", energy_unit), ("shape", energy_shape), ("count", c_uint32), ("reserved", c_uint32),
                ("value", c_double * LIMITS["ENERGY_MAX_VALUES"])]


class spectra_recipe(Structure):
    _fields_ = [("kind", c_uint32), ("precursor_margin_uth", c_uint32), ("noise_ppm", c_uint32),
                ("merge_gap_uth", c_uint32)]


class spectra_reader_options(Structure):
    _fields_ = [("size", c_uint32), ("format", format_), ("strict", c_uint32), ("max_line_size", c_uint32),
                ("max_peaks", c_uint32), ("max_metadata", c_uint32), ("max_input_size", c_uint64)]


spectra_read = CFUNCTYPE(status, c_void_p, POINTER(c_uint8), c_size_t, POINTER(c_size_t))
sink_write = CFUNCTYPE(status, c_void_p, POINTER(c_char), c_size_t)


class spectra_sink(Structure):
    _fields_ = [("context", c_void_p), ("write", sink_write)]


class spectra_substance(Structure):
    _fields_ = [("name", text), ("inchikey", text), ("formula", text), ("smiles", text), ("substance_class", text),
                ("sites", text), ("core", text), ("source", text), ("exact_mass_uda", c_int64)]


class spectra_entry(Structure):
    _fields_ = [("accession", text), ("name", text), ("inchikey", text), ("source", text), ("licence", text),
                ("author", text), ("instrument_type", text), ("instrument", text), ("collision_energy", text),
                ("adduct", text), ("substance", c_uint32), ("track", track), ("polarity", polarity),
                ("precursor_uth", c_uint32)]


class spectra_section(Structure):
    _fields_ = [("name", c_char * 24), ("offset", c_uint64), ("size", c_uint64), ("count", c_uint64), ("version", c_uint32),
                ("track", track), ("polarity", polarity), ("reserved", c_uint32)]


class spectra_builder_options(Structure):
    _fields_ = [("size", c_uint32), ("postings", postings), ("loss_postings", c_uint32)]


class spectra_search_options(Structure):
    _fields_ = [("size", c_uint32), ("track", track), ("mode", mode), ("measure", measure),
                ("tolerance", spectra_tolerance), ("precursor_tolerance", spectra_tolerance), ("open", c_uint32),
                ("all_spectra", c_uint32), ("min_score", c_uint32), ("mass_da", c_uint32),
                ("exclude_own_compound", c_uint32), ("exclude_accession_count", c_uint32),
                ("exclude_accession", POINTER(text))]


class spectra_hit(Structure):
    _fields_ = [("database", c_uint32), ("entry", c_uint32), ("substance", c_uint32), ("score", c_uint32),
                ("reverse_score", c_uint32), ("match_factor", c_uint32), ("matched_peaks", c_uint32),
                ("reference_peaks", c_uint32), ("delta_mass_uda", c_int64), ("has_delta_mass", c_uint32),
                ("reserved", c_uint32)]


class spectra_search_summary(Structure):
    _fields_ = [("track", track), ("polarity", polarity), ("mode", mode), ("measure", measure), ("hit_count", c_uint32),
                ("query_peaks", c_uint32), ("out_of_range", c_uint32), ("compared", c_uint32),
                ("used_precursor", c_uint32), ("reserved", c_uint32)]


class spectra_pair(Structure):
    _fields_ = [("first", c_uint32), ("second", c_uint32), ("score", c_uint32)]


spectra_take_pairs = CFUNCTYPE(status, c_void_p, POINTER(spectra_pair), c_uint32)


class spectra_pairs_options(Structure):
    _fields_ = [("size", c_uint32), ("min_score", c_uint32), ("part_count", c_uint32), ("part", c_uint32)]


class spectra_main_peak(Structure):
    _fields_ = [("mz_uth", c_uint32), ("permille", c_uint32), ("matched", c_uint32), ("reserved", c_uint32)]


class spectra_substance_ref(Structure):
    _fields_ = [("database", c_uint32), ("substance", c_uint32)]


class spectra_modified_site(Structure):
    _fields_ = [("label", text), ("words", text), ("formula", text), ("delta_uda", c_int64)]


class spectra_site_set(Structure):
    _fields_ = [("sites", spectra_modified_site * LIMITS["MODIFIED_SITES"]), ("count", c_uint32), ("permille", c_uint32)]


class spectra_modification(Structure):
    _fields_ = [("parent", text), ("formula", text), ("delta_uda", c_int64), ("formula_permille", c_uint32),
                ("reserved", c_uint32), ("site_sets", POINTER(spectra_site_set)), ("site_set_count", c_uint32),
                ("credible_count", c_uint32)]


class spectra_mass_candidate(Structure):
    _fields_ = [("value_da", c_uint32), ("permille", c_uint32)]


class spectra_molecular_mass(Structure):
    _fields_ = [("value_da", c_uint32), ("origin", mass_origin), ("permille", c_uint32), ("credible_count", c_uint32),
                ("candidates", POINTER(spectra_mass_candidate)), ("candidate_count", c_uint32), ("reserved", c_uint32)]


class spectra_explained_ion(Structure):
    _fields_ = [("mz_uth", c_uint32), ("permille", c_uint32), ("fragment", text), ("kept", text), ("parent_uth", c_uint32),
                ("contribution", c_int32), ("error_uth", c_int32), ("reserved", c_uint32)]


class spectra_class_evidence(Structure):
    _fields_ = [("family", text), ("rule", c_uint32), ("explained", c_uint32), ("fragments", c_int32),
                ("likeness", c_uint32), ("mean_likeness", c_uint32), ("references", c_uint32), ("logit", c_int32),
                ("threshold", c_int32)]


class spectra_identification(Structure):
    _fields_ = [("verdict", verdict), ("search", spectra_search_summary), ("calibration", calibration),
                ("calibration_queries", c_uint32), ("calibration_digest", c_uint8 * 32), ("structure_permille", c_uint32),
                ("group_permille", c_uint32), ("candidates", POINTER(spectra_hit)), ("candidate_count", c_uint32),
                ("set_count", c_uint32), ("unrepresented", POINTER(spectra_substance_ref)),
                ("unrepresented_count", c_uint32), ("class_name", text), ("class_permille", c_uint32),
                ("class_evidence", spectra_class_evidence), ("modification", spectra_modification),
                ("molecular_mass", spectra_molecular_mass), ("relatives", POINTER(spectra_hit)),
                ("relative_count", c_uint32), ("explained_count", c_uint32), ("explained", POINTER(spectra_explained_ion)),
                ("query_peaks", spectra_main_peak * LIMITS["MAIN_PEAKS"]), ("query_peak_count", c_uint32),
                ("reference_peaks", spectra_main_peak * LIMITS["MAIN_PEAKS"]), ("reference_peak_count", c_uint32),
                ("against", POINTER(text)), ("against_count", c_uint32), ("warnings", POINTER(text)),
                ("warning_count", c_uint32)]


class spectra_component(Structure):
    _fields_ = [("verdict", verdict), ("database", c_uint32), ("substance", c_uint32), ("entry", c_uint32),
                ("evidence", c_uint32), ("supporting", c_uint32), ("share_ppm", c_uint32), ("share_low_ppm", c_uint32),
                ("share_high_ppm", c_uint32), ("alternative_count", c_uint32),
                ("alternatives", POINTER(spectra_substance_ref)), ("unrepresented", POINTER(spectra_substance_ref)),
                ("unrepresented_count", c_uint32), ("reserved", c_uint32)]


class spectra_mixture_spectrum(Structure):
    _fields_ = [("index", c_uint32), ("compared", c_uint32), ("shift_uth", c_int32), ("peaks", c_uint32),
                ("explained_permille", c_uint32), ("unexplained_count", c_uint32),
                ("unexplained", spectra_main_peak * LIMITS["MIXTURE_UNEXPLAINED"])]


class spectra_mixture(Structure):
    _fields_ = [("verdict", verdict), ("search", spectra_search_summary), ("tolerance", spectra_tolerance),
                ("integer_masses", c_uint32), ("component_count", c_uint32), ("components", POINTER(spectra_component)),
                ("candidate_count", c_uint32), ("spectrum_count", c_uint32),
                ("spectra", POINTER(spectra_mixture_spectrum)), ("against", POINTER(text)), ("against_count", c_uint32),
                ("warning_count", c_uint32), ("warnings", POINTER(text))]


class spectra_report_query(Structure):
    _fields_ = [("spectrum", POINTER(spectra_spectrum)), ("source", text), ("index", c_uint64),
                ("databases", POINTER(POINTER(spectra_database))), ("database_names", POINTER(text)),
                ("database_count", c_uint32), ("explain", c_uint32), ("options", POINTER(spectra_search_options))]


class spectra_profile(Structure):
    _fields_ = [("size", c_uint32), ("count", c_uint32), ("mz", c_void_p), ("intensity", c_void_p), ("mz_kind", samples),
                ("intensity_kind", samples), ("first_mz", c_double), ("step_mz", c_double), ("saturation", c_double)]


class spectra_profile_options(Structure):
    _fields_ = [("size", c_uint32), ("ionisation", ionisation), ("method", peak_method), ("baseline", baseline),
                ("wiener", c_uint32), ("iterations", c_uint32), ("fwhm", c_double), ("ion_intensity", c_double),
                ("threshold", c_double), ("max_offset", c_double), ("max_slope_ppm", c_double)]


class spectra_profile_peak(Structure):
    _fields_ = [("mz", c_double), ("mz_error", c_double), ("intensity", c_double), ("intensity_error", c_double),
                ("flags", c_uint32), ("reserved", c_uint32)]


class spectra_profile_result(Structure):
    _fields_ = [("cell_count", c_uint32), ("peak_count", c_uint32), ("peaks", POINTER(spectra_profile_peak)),
                ("cell_mz", POINTER(c_double)), ("sum", POINTER(c_float)), ("baseline", POINTER(c_float)),
                ("denoised", POINTER(c_float)), ("matched", POINTER(c_float)), ("model", POINTER(c_float)),
                ("fwhm", c_double), ("noise", c_double), ("axis_offset", c_double), ("axis_offset_error", c_double),
                ("axis_slope_ppm", c_double), ("axis_slope_error_ppm", c_double), ("warnings", c_uint32),
                ("reserved", c_uint32)]


class spectra_session(Structure):
    pass


class spectra_session_options(Structure):
    _fields_ = [("size", c_uint32), ("reserved", c_uint32), ("blank_variation", c_double), ("carry_over", c_double)]


class spectra_session_result(Structure):
    _fields_ = [("profile", POINTER(spectra_profile_result)), ("carry_over", c_double), ("scan_count", c_uint32),
                ("blank_count", c_uint32), ("blank_peaks", c_uint32), ("carried_peaks", c_uint32), ("warnings", c_uint32),
                ("reserved", c_uint32)]


class spectra_targets(Structure):
    _fields_ = [("size", c_uint32), ("inchikey_count", c_uint32), ("inchikeys", POINTER(text)), ("classes", POINTER(text)),
                ("class_count", c_uint32), ("reserved", c_uint32)]


class spectra_alarm(Structure):
    _fields_ = [("state", alarm_state), ("target_count", c_uint32), ("set_count", c_uint32), ("reserved", c_uint32),
                ("target", spectra_substance_ref), ("class_name", text)]


class spectra_mass_calibration(Structure):
    _fields_ = [("size", c_uint32), ("analyser", analyser), ("a", c_double), ("b", c_double), ("a_variance", c_double),
                ("b_variance", c_double), ("covariance", c_double), ("rms_ppm", c_double), ("ion_count", c_uint32),
                ("reserved", c_uint32)]


class spectra_calibrant(Structure):
    _fields_ = [("mz", c_double), ("frequency", c_double), ("frequency_error", c_double)]


class spectra_transient(Structure):
    _fields_ = [("size", c_uint32), ("count", c_uint32), ("samples", c_void_p), ("kind", samples), ("reserved", c_uint32),
                ("sampling_rate", c_double), ("saturation", c_double), ("calibration", POINTER(spectra_mass_calibration))]


class spectra_transient_options(Structure):
    _fields_ = [("size", c_uint32), ("apodisation", apodisation), ("max_peaks", c_uint32), ("reserved", c_uint32),
                ("kaiser_beta", c_double), ("threshold", c_double), ("min_mz", c_double), ("max_mz", c_double)]


class spectra_frequency(Structure):
    _fields_ = [("value", c_double), ("error", c_double)]


class spectra_transient_result(Structure):
    _fields_ = [("peak_count", c_uint32), ("bin_count", c_uint32), ("peaks", POINTER(spectra_profile_peak)),
                ("frequencies", POINTER(spectra_frequency)), ("magnitude", POINTER(c_float)), ("bin_width", c_double),
                ("noise", c_double), ("warnings", c_uint32), ("reserved", c_uint32)]


class spectra_fft_backend(Structure):
    _fields_ = [("size", c_uint32), ("reserved", c_uint32), ("name", text), ("licence", text), ("context", c_void_p),
                ("prepare", CFUNCTYPE(status, c_void_p, c_uint32)), ("find", CFUNCTYPE(c_void_p, c_void_p, c_uint32)),
                ("forward", CFUNCTYPE(None, c_void_p, POINTER(c_float))),
                ("inverse", CFUNCTYPE(None, c_void_p, POINTER(c_float)))]


_error = POINTER(spectra_error)
_allocator = POINTER(spectra_allocator)
_scratch = POINTER(spectra_scratch)
_spectrum = POINTER(spectra_spectrum)
_reader = POINTER(spectra_reader)
_writer = POINTER(spectra_writer)
_prepared = POINTER(spectra_prepared)
_recipe = POINTER(spectra_recipe)
_database = POINTER(spectra_database)
_builder = POINTER(spectra_builder)
_options = POINTER(spectra_search_options)
_hits = POINTER(spectra_hit)
_summary = POINTER(spectra_search_summary)
_identification = POINTER(spectra_identification)
_query = POINTER(spectra_report_query)
_sink = POINTER(spectra_sink)
_profile = POINTER(spectra_profile)
_profile_options = POINTER(spectra_profile_options)
_mass_calibration = POINTER(spectra_mass_calibration)
_transient_options = POINTER(spectra_transient_options)
_doubles = POINTER(c_double)
_floats = POINTER(c_float)

# Every function: what it returns, then what it takes.
FUNCTIONS = {
    "spectra_status_text": (text, status),
    "spectra_version": (text,),
    "spectra_kernel": (text,),
    "spectra_scratch_init": (None, _scratch, c_void_p, c_size_t),
    "spectra_scratch_reset": (None, _scratch),
    "spectra_scratch_allocator": (None, _allocator, _scratch),
    # spectrum.h
    "spectra_spectrum_create": (status, POINTER(_spectrum), _allocator),
    "spectra_spectrum_required": (c_size_t, c_size_t),
    "spectra_spectrum_copy": (status, POINTER(_spectrum), _spectrum, _allocator),
    "spectra_spectrum_free": (None, _spectrum),
    "spectra_spectrum_set_peaks": (status, _spectrum, _doubles, _doubles, c_size_t, _error),
    "spectra_spectrum_from_profile": (status, _spectrum, POINTER(spectra_profile_result)),
    "spectra_spectrum_from_transient": (status, _spectrum, POINTER(spectra_transient_result)),
    "spectra_spectrum_add_metadata": (status, _spectrum, text, text),
    "spectra_spectrum_peak_count": (c_size_t, _spectrum),
    "spectra_spectrum_mz": (_doubles, _spectrum),
    "spectra_spectrum_intensity": (_doubles, _spectrum),
    "spectra_spectrum_annotation": (text, _spectrum, c_size_t),
    "spectra_spectrum_metadata_count": (c_size_t, _spectrum),
    "spectra_spectrum_metadata": (status, _spectrum, c_size_t, POINTER(text), POINTER(text)),
    "spectra_spectrum_field": (text, _spectrum, field),
    "spectra_spectrum_precursor_mz": (status, _spectrum, _doubles),
    "spectra_spectrum_track": (track, _spectrum),
    "spectra_spectrum_polarity": (polarity, _spectrum),
    "spectra_spectrum_ms_level": (c_uint32, _spectrum),
    "spectra_spectrum_charge": (c_int32, _spectrum),
    "spectra_spectrum_synonym": (text, _spectrum, c_size_t),
    "spectra_spectrum_collision_energy": (status, _spectrum, POINTER(spectra_collision_energy)),
    "spectra_spectrum_retention_time": (status, _spectrum, _doubles),
    "spectra_spectrum_retention_index": (status, _spectrum, _doubles, POINTER(column)),
    "spectra_spectrum_warning_count": (c_size_t, _spectrum),
    "spectra_spectrum_warning": (text, _spectrum, c_size_t),
    "spectra_spectrum_digest": (None, _spectrum, digest),
    "spectra_spectrum_splash": (status, _spectrum, POINTER(c_char)),
    # prepare.h
    "spectra_recipe_nominal": (None, _recipe),
    "spectra_recipe_windowed": (None, _recipe),
    "spectra_recipe_open": (None, _recipe),
    "spectra_recipe_fingerprint": (c_uint64, _recipe),
    "spectra_prepare": (status, POINTER(_prepared), _spectrum, _recipe, _scratch, _error),
    "spectra_prepare_required": (c_size_t, c_size_t),
    "spectra_prepared_peak_count": (c_size_t, _prepared),
    "spectra_prepared_out_of_range": (c_size_t, _prepared),
    # io.h
    "spectra_format_text": (text, format_),
    "spectra_reader_open": (status, POINTER(_reader), text, POINTER(spectra_reader_options), _allocator, _error),
    "spectra_reader_open_stream": (status, POINTER(_reader), spectra_read, c_void_p, POINTER(spectra_reader_options),
                                   _allocator, _error),
    "spectra_reader_free": (None, _reader),
    "spectra_reader_format": (format_, _reader),
    "spectra_reader_next": (status, _reader, POINTER(_spectrum), _error),
    "spectra_parse_number": (c_size_t, _doubles, text, c_size_t),
    "spectra_writer_create": (status, POINTER(_writer), format_, _sink, _allocator),
    "spectra_writer_free": (None, _writer),
    "spectra_writer_write": (status, _writer, _spectrum, _error),
    "spectra_writer_finish": (status, _writer),
    # database.h
    "spectra_database_open": (status, POINTER(_database), text, c_uint32, _allocator, _error),
    "spectra_database_open_memory": (status, POINTER(_database), c_void_p, c_size_t, _allocator, _error),
    "spectra_database_required": (c_size_t,),
    "spectra_database_close": (None, _database),
    "spectra_database_verify": (status, _database, _error),
    "spectra_database_digest": (None, _database, digest),
    "spectra_database_entry_count": (c_uint32, _database),
    "spectra_database_substance_count": (c_uint32, _database),
    "spectra_database_substance": (status, _database, c_uint32, POINTER(spectra_substance)),
    "spectra_database_entry": (status, _database, c_uint32, POINTER(spectra_entry)),
    "spectra_database_peaks": (status, _database, c_uint32, POINTER(c_double), POINTER(c_double), c_size_t,
                               POINTER(c_size_t)),
    "spectra_database_section_count": (c_uint32, _database),
    "spectra_database_section": (status, _database, c_uint32, POINTER(spectra_section)),
    "spectra_builder_create": (status, POINTER(_builder), _allocator),
    "spectra_builder_free": (None, _builder),
    "spectra_builder_set_options": (status, _builder, POINTER(spectra_builder_options), _error),
    "spectra_builder_add_substance": (status, _builder, POINTER(spectra_substance), _error),
    "spectra_builder_add_substances_table": (status, _builder, text, _error),
    "spectra_builder_add_knowledge": (status, _builder, text, _error),
    "spectra_builder_add_spectrum": (status, _builder, _spectrum, track, _error),
    "spectra_builder_calibrate": (status, _builder, _error),
    "spectra_builder_write": (status, _builder, text, _error),
    "spectra_builder_write_memory": (status, _builder, POINTER(c_void_p), POINTER(c_size_t), _error),
    # search.h
    "spectra_search": (status, _hits, c_uint32, _summary, POINTER(_database), c_uint32, _spectrum, _options, _scratch,
                       _error),
    "spectra_search_required": (c_size_t, c_size_t),
    "spectra_search_pairs": (status, _database, POINTER(spectra_pairs_options), spectra_take_pairs, c_void_p, _scratch,
                             _error),
    "spectra_search_pairs_required": (c_size_t, _database),
    "spectra_similarity": (status, _hits, _spectrum, _spectrum, _options, _recipe, _scratch, _error),
    "spectra_similarity_required": (c_size_t, c_size_t, c_size_t),
    "spectra_measure_text": (text, measure),
    # identify.h, mixture.h, report.h
    "spectra_verdict_text": (text, verdict),
    "spectra_identify": (status, POINTER(_identification), POINTER(_database), c_uint32, _spectrum, _options, _scratch,
                         _error),
    "spectra_identify_required": (c_size_t, c_size_t),
    # alarm.h
    "spectra_alarm_judge": (status, POINTER(spectra_alarm), _identification, POINTER(_database), c_uint32,
                            POINTER(spectra_targets)),
    "spectra_alarm_text": (text, alarm_state),
    "spectra_mixture_identify": (status, POINTER(POINTER(spectra_mixture)), POINTER(_database), c_uint32,
                                 POINTER(_spectrum), c_uint32, _options, _scratch, _error),
    "spectra_mixture_required": (c_size_t, c_size_t, c_uint32),
    "spectra_report_hits_header": (status, _sink, report_format),
    "spectra_report_hits": (status, _sink, report_format, _query, _hits, _summary),
    "spectra_report_identification": (status, _sink, report_format, _query, _identification),
    "spectra_report_mixture": (status, _sink, report_format, _query, POINTER(spectra_mixture)),
    "spectra_report_failure": (status, _sink, report_format, text, c_uint64, _error),
    # profile.h, transient.h, fft.h
    "spectra_profile_find_peaks": (status, POINTER(POINTER(spectra_profile_result)), _profile, _profile_options, _scratch,
                                   _error),
    # session.h
    "spectra_session_required": (c_size_t, _profile, _profile_options),
    "spectra_session_begin": (status, POINTER(POINTER(spectra_session)), c_void_p, c_size_t, _profile, _profile_options,
                              POINTER(spectra_session_options)),
    "spectra_session_add": (status, POINTER(spectra_session), scan, _profile, _error),
    "spectra_session_find_peaks": (status, POINTER(POINTER(spectra_session_result)), POINTER(spectra_session), _scratch,
                                   _error),
    "spectra_session_peaks_required": (c_size_t, POINTER(spectra_session)),
    "spectra_session_next": (status, POINTER(spectra_session), c_uint32),
    "spectra_profile_required": (c_size_t, _profile, _profile_options),
    "spectra_profile_fft_size": (c_uint32, _profile, _profile_options),
    "spectra_profile_shift": (status, _doubles, _floats, _floats, c_uint32, c_uint32, _scratch),
    "spectra_profile_shift_required": (c_size_t, c_uint32),
    "spectra_transient_find_peaks": (status, POINTER(POINTER(spectra_transient_result)), POINTER(spectra_transient),
                                     _transient_options, _scratch, _error),
    "spectra_transient_required": (c_size_t, c_uint32, _transient_options),
    "spectra_transient_fft_size": (c_uint32, c_uint32),
    "spectra_mass_calibration_fit": (status, _mass_calibration, analyser, POINTER(spectra_calibrant), c_uint32),
    "spectra_mass_calibration_mz": (c_double, _mass_calibration, c_double, _doubles),
    "spectra_fft_register": (status, POINTER(spectra_fft_backend)),
    "spectra_fft_registered": (POINTER(spectra_fft_backend),),
    "spectra_fft_size": (c_uint32, c_uint32),
    "spectra_fft_prepare": (status, c_uint32),
}
