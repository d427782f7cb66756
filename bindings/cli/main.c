/* SPDX-License-Identifier: Apache-2.0 */
/* The program `spectra`: chooses the command. */
#include <stdarg.h>
#include <string.h>

#include "cli.h"
#ifdef CLI_HAS_FFTW
#include "spectra/fftw.h"
#endif

/* In two parts, as long strings are not portable. */
static const char usage[] =
    "usage: spectra identify QUERY…             what the spectra are consistent with\n"
    "       spectra search QUERY…               ranked hits\n"
    "       spectra db build -o OUT FILE…       a database from spectra\n"
    "       spectra db info FILE                what a database holds\n"
    "       spectra db verify FILE              proves a database byte for byte\n"
    "       spectra convert IN -o OUT           to MSP, MGF, JSON or records\n"
    "       spectra preprocess IN -o OUT        the peaks of profiles or of a transient\n"
#ifdef CLI_HAS_PLOT
    "       spectra plot QUERY [REFERENCE] -o OUT   a picture of a spectrum, of two, or of a profile\n"
    "       spectra report QUERY… -o OUT.html   a case report: one page to look at, print and replay\n"
#endif
    "       spectra screen SAMPLE…              alarm, class alarm or clear for samples of several scans\n"
    "       spectra --version\n"
    "\n"
    "QUERY and IN are MSP, MGF, MassBank records, mzML, mzXML, JCAMP-DX, ANDI/MS, two columns or\n"
    "records of this project, gzip around any of them; - is standard input.\n"
    "\n"
    "identify and search:\n"
    "  --db FILE                    database to search (repeatable); default: that of the environment's\n"
    "                               SPECTRA_DATABASE, else the reference that is installed\n"
    "  --track ei|msms|insource     kind of spectrum, where the record does not tell\n"
    "  --tolerance X{da|ppm}        fragments, default 0.01da\n"
    "  --precursor-tolerance X{da|ppm}|open   default 20ppm\n"
    "  --exclude-accession PREFIX   leave out references (repeatable)\n"
    "  --exclude-own-compound       leave out the query's own compound\n"
    "  --mass M                     EI: nominal molecular mass, where it is known\n"
    "  --format text|jsonl          search also: tsv\n"
    "  --threads N                  answer by so many threads; what is printed is the same, in the same order\n"
    "  --strict                     refuse records whose end cannot be verified\n"
    "  --profile                    the rows are samples of a profile: peaks are found in them first\n"
    "identify:\n"
#ifdef CLI_HAS_PLOT
    "  --plot DIR                   a picture of each query against what is most like it: 1.png, 2.png…\n"
#endif
    "  --group                      all spectra are of one sample: what it is made of, by the spectra together\n"
    "  --explain                    the ions that family, sites and mass of an analogue rest on\n"
    "with --profile, and preprocess:\n"
    "  --fwhm X                     width of a peak at half height, in Th; default: as measured\n"
    "  --ion X                      intensity of a single ion, 1 for counts; default: not known\n"
    "  --axis none|ei|protonated    background ions to find the mass axis by; default: by the kind of spectrum\n"
    "  --max-offset X  --max-slope PPM   of the axis as read, in Th and 10^-6; default and most 1.3 and 1000\n"
    "  --peaks comb|centroid        one peak a unit of mass, or each maximum by itself; default comb\n"
    "  --baseline opening|high-pass|none   --wiener   --iterations N\n"
#ifdef CLI_HAS_PLOT
    "plot, and identify with --plot:\n"
    "  -o FILE                      plot: .png or .svg; with two files the first is drawn up, the second down\n"
    "  --picture png|svg            default: by the ending of FILE, else png\n"
    "  --width MM  --height MM      default 190 and 127\n"
    "  --dpi N                      36 to 1200, default 150\n"
    "  --from MZ  --to MZ           what is shown; default: all\n"
    "  --labels N                   peaks with their m/z on each side, default 12\n"
    "  --record N                   plot: of QUERY, from 1; default 1\n"
#endif
    "";
static const char more_usage[] =
    "search:\n"
    "  --mode identity|similarity|reverse|hybrid\n"
    "  --measure NAME               EI: match-factor (default), identity, cosine, weighted-cosine, hybrid;\n"
    "                               MS/MS: entropy (default), cosine, modified-cosine, neutral-loss, hybrid;\n"
    "                               in-source: entropy (default), cosine\n"
    "  --top K                      default 10\n"
    "  --min-score S                0 to 1\n"
    "  --all-spectra                every spectrum of a compound, not its best alone\n"
    "db build:\n"
    "  -o FILE  --substances FILE  --knowledge FOLDER  --track ei|msms|insource  --strict\n"
    "  --postings default|never|always   for open search; default: for 4096 spectra and more\n"
    "  --neutral-loss               postings for hybrid searches of MS/MS, too\n"
    "db info:\n"
    "  --sections  --coverage\n"
    "convert:\n"
    "  -o FILE  --to msp|mgf|json|records   default: by the ending of FILE\n"
    "preprocess: likewise, and\n"
    "  --steps DIR                  writes the curves of every step, a table for each profile\n"
#ifdef CLI_HAS_PLOT
    "report: as identify: --db, --track, the tolerances, --exclude-…, --mass, --strict; and\n"
    "  --lang en|es|fr              language, default en\n"
    "  --case ID  --reviewer NAME  --date DATE  --note TEXT   as they are to stand in the report\n"
    "  --replay                     QUERY is a report: computes it again over the same database, or those of --db,\n"
    "                               and says whether it is equal (status 0) or what differs (status 12)\n"
#endif
    "screen: each SAMPLE is a file whose records are the scans of one sample, profiles on one axis; in the order in\n"
    "which they were measured. The options of profiles, --db, --track, --tolerance and --format text|jsonl, and\n"
    "  --blank FILE                 scans of a blank: what it explains is taken off\n"
    "  --targets FILE               a line each: an InChIKey, or a class; default the class fentanyl-related\n"
    "  --carry-over X               largest share of a sample that the next may show, to 0.5; default 0.05\n"
    "  --saturation X               intensity at which the detector is full\n"
    "preprocess of one transient of an FT-ICR or Orbitrap instrument:\n"
    "  --transient float32|float64|int16|int32|text   little-endian samples, or the last number of each line\n"
    "  --rate HZ                    samples a second\n"
    "  --calibration icr:A,B|orbitrap:A   m/z = A/f + B/f^2 or A/f^2, f in Hz\n"
    "  --calibrant MZ               an ion that is there (repeatable): the calibration is fitted anew from these,\n"
    "                               each the strongest peak within 100 ppm of where the one given has it\n"
    "  --apodisation hann|kaiser|none   --beta B   Kaiser's, 4 to 20; default hann, 10\n"
    "  --threshold S                in units of the noise; default 6\n"
    "  --saturation X               largest number that the converter gives\n";

void cli_complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("spectra: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void cli_complain_error(const char *file, const spectra_error *error) {
    if (error->line > 0)
        cli_complain("%s:%llu: %s (byte %llu)", file, (unsigned long long)error->line, error->message,
                     (unsigned long long)error->offset);
    else if (error->status == SPECTRA_E_IO) /* names the file itself */
        cli_complain("%s", error->message);
    else
        cli_complain("%s: %s", file, error->message);
}

static void print_usage(FILE *stream) {
    fputs(usage, stream);
    fputs(more_usage, stream);
}

static int print_version(void) {
    const spectra_fft_backend *fft = spectra_fft_registered();
    printf("spectra %s\nkernels: %s\nFFT backend: %s\nlicence: %s\n", spectra_version(), spectra_kernel(), fft->name,
           fft->licence);
    return CLI_OK;
}

/* What a command is called, and what carries it out. */
typedef struct command_row {
    const char *group, *name;
    cli_command command;
    int (*run)(const cli_arguments *arguments);
} command_row;

static const command_row commands[] = {
    {NULL, "identify", CLI_IDENTIFY, cli_query},
    {NULL, "search", CLI_SEARCH, cli_query},
    {"db", "build", CLI_BUILD, cli_build},
    {"db", "info", CLI_INFO, cli_info},
    {"db", "verify", CLI_VERIFY, cli_verify},
    {NULL, "convert", CLI_CONVERT, cli_convert},
    {NULL, "preprocess", CLI_PREPROCESS, cli_convert},
#ifdef CLI_HAS_PLOT
    {NULL, "plot", CLI_PLOT, cli_plot},
    {NULL, "report", CLI_REPORT, cli_report},
#endif
    {NULL, "screen", CLI_SCREEN, cli_screen},
};

static const command_row *find_command(int argc, char **argv, int *words) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const command_row *row = &commands[i];
        *words = row->group ? 2 : 1;
        if (argc <= *words || (row->group && strcmp(argv[1], row->group) != 0)) continue;
        if (strcmp(argv[*words], row->name) == 0) return row;
    }
    return NULL;
}

static int run(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--version") == 0) return print_version();
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_usage(stdout);
        return CLI_OK;
    }
    int words;
    const command_row *row = find_command(argc, argv, &words);
    if (!row) {
        if (argc > 1) cli_complain("there is no command %s%s%s", argv[1], argc > 2 ? " " : "", argc > 2 ? argv[2] : "");
        print_usage(stderr);
        return CLI_USAGE;
    }
    cli_arguments arguments;
    if (!cli_parse(&arguments, row->command, argc - words, argv + words)) return CLI_USAGE;
    return row->run(&arguments);
}

int main(int argc, char **argv) {
    if (!cli_keep_streams_apart()) return CLI_FAILED;
#ifdef CLI_HAS_FFTW
    spectra_fft_register(spectra_fftw_backend());
#endif
    int status = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_complain("standard output could not be written");
        return CLI_FAILED;
    }
    return status;
}
