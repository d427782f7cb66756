/* SPDX-License-Identifier: Apache-2.0 */
/* The way out: hits, verdicts and failures in the format asked for. */
#include "report/report.h"

bool report_is_complete(const spectra_report_query *query) {
    return query->spectrum && query->source && query->databases && query->database_names && query->database_count > 0;
}

static bool complete(const spectra_sink *sink, const spectra_report_query *query) {
    return sink && sink->write && query && report_is_complete(query);
}

spectra_status spectra_report_hits_header(const spectra_sink *sink, spectra_report_format format) {
    if (!sink || !sink->write || format < SPECTRA_REPORT_TEXT || format > SPECTRA_REPORT_TSV) return SPECTRA_E_INVALID;
    io_output out;
    io_output_begin(&out, sink);
    if (format == SPECTRA_REPORT_TSV)
        io_output_string(&out, "query\trank\tentry\taccession\tsubstance\tinchikey\tscore\treverse_score\t"
                               "matched_peaks\tdelta_mass\tdatabase\n");
    return io_output_end(&out);
}

/* Text in a table: tabs and line ends would break its shape. */
static void tsv_cell(io_output *out, const char *text) {
    for (; *text; text++) io_output_add(out, *text == '\t' || *text == '\n' || *text == '\r' ? " " : text, 1);
    io_output_string(out, "\t");
}

static void tsv_hit(io_output *out, const spectra_report_query *query, const spectra_hit *hit, uint32_t rank) {
    spectra_substance substance;
    spectra_entry entry;
    report_lookup(query, hit, &substance, &entry);
    tsv_cell(out, report_query_id(query));
    io_output_unsigned(out, rank);
    io_output_string(out, "\t");
    io_output_unsigned(out, hit->entry);
    io_output_string(out, "\t");
    tsv_cell(out, entry.accession);
    tsv_cell(out, report_name(&substance, &entry));
    tsv_cell(out, entry.inchikey);
    io_output_fixed(out, report_millionths(hit->score), 6);
    io_output_string(out, "\t");
    io_output_fixed(out, report_millionths(hit->reverse_score), 6);
    io_output_string(out, "\t");
    io_output_unsigned(out, hit->matched_peaks);
    io_output_string(out, "\t");
    if (hit->has_delta_mass) io_output_fixed(out, hit->delta_mass_uda, 6);
    io_output_string(out, "\t");
    io_output_string(out, query->database_names[hit->database]);
    io_output_string(out, "\n");
}

static void json_hits(io_output *out, const spectra_report_query *query, const spectra_hit *hits,
                      const spectra_search_summary *summary) {
    io_output_string(out, "{");
    report_json_query(out, query);
    io_output_string(out, ",\"hits\":[");
    for (uint32_t i = 0; i < summary->hit_count; i++) {
        if (i > 0) io_output_string(out, ",");
        report_json_hit(out, query, &hits[i], i + 1, 0);
    }
    io_output_string(out, "],");
    report_json_origin(out, query, summary);
    io_output_string(out, "}\n");
}

static void text_hits(io_output *out, const spectra_report_query *query, const spectra_hit *hits,
                      const spectra_search_summary *summary) {
    report_text_title(out, query);
    if (summary->hit_count == 0)
        io_output_string(out, "    no hit\n");
    else
        report_text_hit_header(out, summary);
    for (uint32_t i = 0; i < summary->hit_count; i++) report_text_hit(out, query, summary, &hits[i], i + 1);
    io_output_string(out, "\n");
}

spectra_status spectra_report_hits(const spectra_sink *sink, spectra_report_format format,
                                   const spectra_report_query *query, const spectra_hit *hits,
                                   const spectra_search_summary *summary) {
    if (!complete(sink, query) || !summary || (!hits && summary->hit_count > 0)) return SPECTRA_E_INVALID;
    io_output out;
    io_output_begin(&out, sink);
    switch (format) {
    case SPECTRA_REPORT_TEXT:
        text_hits(&out, query, hits, summary);
        break;
    case SPECTRA_REPORT_JSONL:
        json_hits(&out, query, hits, summary);
        break;
    case SPECTRA_REPORT_TSV:
        for (uint32_t i = 0; i < summary->hit_count; i++) tsv_hit(&out, query, &hits[i], i + 1);
        break;
    default:
        return SPECTRA_E_INVALID;
    }
    return io_output_end(&out);
}

spectra_status spectra_report_identification(const spectra_sink *sink, spectra_report_format format,
                                             const spectra_report_query *query,
                                             const spectra_identification *identification) {
    if (!complete(sink, query) || !identification) return SPECTRA_E_INVALID;
    io_output out;
    io_output_begin(&out, sink);
    if (format == SPECTRA_REPORT_TEXT)
        report_text_identification(&out, query, identification);
    else if (format == SPECTRA_REPORT_JSONL)
        report_json_identification(&out, query, identification);
    else
        return SPECTRA_E_INVALID;
    return io_output_end(&out);
}

static void json_failure(io_output *out, const char *source, uint64_t index, const spectra_error *error) {
    io_output_string(out, "{\"query\":{\"source\":");
    io_output_json(out, source);
    io_output_string(out, ",\"index\":");
    io_output_unsigned(out, index);
    io_output_string(out, "},\"error\":{\"status\":");
    io_output_json(out, spectra_status_text(error->status));
    io_output_string(out, ",\"message\":");
    io_output_json(out, error->message);
    if (error->line > 0) {
        io_output_string(out, ",\"line\":");
        io_output_unsigned(out, error->line);
        io_output_string(out, ",\"offset\":");
        io_output_unsigned(out, error->offset);
    }
    io_output_string(out, "}}\n");
}

static void text_failure(io_output *out, const char *source, uint64_t index, const spectra_error *error) {
    io_output_string(out, source);
    io_output_string(out, ", record ");
    io_output_unsigned(out, index + 1);
    io_output_string(out, ": no answer: ");
    io_output_string(out, error->message);
    if (error->line > 0) {
        io_output_string(out, " (line ");
        io_output_unsigned(out, error->line);
        io_output_string(out, ", byte ");
        io_output_unsigned(out, error->offset);
        io_output_string(out, ")");
    }
    io_output_string(out, "\n\n");
}

spectra_status spectra_report_failure(const spectra_sink *sink, spectra_report_format format, const char *source,
                                      uint64_t index, const spectra_error *error) {
    if (!sink || !sink->write || !source || !error) return SPECTRA_E_INVALID;
    io_output out;
    io_output_begin(&out, sink);
    if (format == SPECTRA_REPORT_TEXT)
        text_failure(&out, source, index, error);
    else if (format == SPECTRA_REPORT_JSONL)
        json_failure(&out, source, index, error);
    else
        return SPECTRA_E_INVALID;
    return io_output_end(&out);
}
