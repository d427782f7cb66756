/* SPDX-License-Identifier: Apache-2.0 */
/* Every word of the case report, in English, Spanish and French. %1 to %4 stand for what a case fills in. */
#include "page_words.h"

const char *const page_words[WORD_COUNT][CLI_LANGUAGES] = {
    [WORD_LANGUAGE] = {"en", "es", "fr"},
    [WORD_TITLE] = {"Case report: mass spectra", "Informe de caso: espectros de masas",
                    "Rapport de cas : spectres de masse"},
    [WORD_SUBTITLE] = {"What the spectra are consistent with. Evidence for a person to weigh, not an identification.",
                       "Con qué son compatibles los espectros. Indicios que ha de valorar una persona, no una "
                       "identificación.",
                       "Ce avec quoi les spectres sont compatibles. Des éléments à apprécier par une personne, non une "
                       "identification."},
    [WORD_CASE] = {"Case", "Caso", "Affaire"},
    [WORD_REVIEWER] = {"Reviewer", "Revisor", "Relecteur"},
    [WORD_DATE] = {"Date", "Fecha", "Date"},
    [WORD_NOTE] = {"Note", "Nota", "Note"},
    [WORD_NOT_GIVEN] = {"not given", "no indicado", "non indiqué"},
    [WORD_SUMMARY] = {"Summary", "Resumen", "Résumé"},
    [WORD_SPECTRUM] = {"Spectrum %1", "Espectro %1", "Spectre %1"},
    [WORD_RESULT] = {"Result", "Resultado", "Résultat"},
    [WORD_MEASURED] = {"What was measured", "Qué se midió", "Ce qui a été mesuré"},
    [WORD_SOURCE] = {"File", "Archivo", "Fichier"},
    [WORD_SOURCE_VALUE] = {"%1, record %2", "%1, registro %2", "%1, enregistrement %2"},
    [WORD_NAME] = {"Name in the record", "Nombre en el registro", "Nom dans l’enregistrement"},
    [WORD_ACCESSION] = {"Identifier", "Identificador", "Identifiant"},
    [WORD_KIND] = {"Kind of spectrum", "Tipo de espectro", "Type de spectre"},
    [WORD_EI] = {"electron ionisation, nominal mass", "ionización por electrones, masa nominal",
                 "ionisation électronique, masse nominale"},
    [WORD_MSMS] = {"MS/MS of a selected precursor, accurate mass", "MS/MS de un precursor seleccionado, masa exacta",
                   "MS/MS d’un précurseur sélectionné, masse exacte"},
    [WORD_INSOURCE] = {"fragments made in the source, accurate mass", "fragmentos formados en la fuente, masa exacta",
                       "fragments formés dans la source, masse exacte"},
    [WORD_POSITIVE] = {"positive ions", "iones positivos", "ions positifs"},
    [WORD_NEGATIVE] = {"negative ions", "iones negativos", "ions négatifs"},
    [WORD_PEAKS] = {"Peaks as read", "Picos leídos", "Pics lus"},
    [WORD_PRECURSOR] = {"Precursor (m/z)", "Precursor (m/z)", "Précurseur (m/z)"},
    [WORD_ADDUCT] = {"Adduct", "Aducto", "Adduit"},
    [WORD_ENERGY] = {"Collision energy", "Energía de colisión", "Énergie de collision"},
    [WORD_INSTRUMENT] = {"Instrument", "Instrumento", "Instrument"},
    [WORD_RETENTION_TIME] = {"Retention time", "Tiempo de retención", "Temps de rétention"},
    [WORD_RETENTION_INDEX] = {"Retention index", "Índice de retención", "Indice de rétention"},
    [WORD_NO_RETENTION] = {"none in the record; where given it is shown and not used",
                           "ninguno en el registro; si se indica, se muestra y no se utiliza",
                           "aucun dans l’enregistrement ; s’il est donné, il est montré et non utilisé"},
    [WORD_DIGEST] = {"SHA-256 of the peaks", "SHA-256 de los picos", "SHA-256 des pics"},
    [WORD_STEPS] = {"What was done to it", "Qué se hizo con él", "Ce qui en a été fait"},
    [WORD_STEP_READ] = {"%1 peaks were read from the record, as measured.",
                        "Se leyeron %1 picos del registro, tal como se midieron.",
                        "%1 pics ont été lus dans l’enregistrement, tels que mesurés."},
    [WORD_STEP_NOMINAL] = {"By the database’s own recipe they became one peak for each whole m/z, in integers of 999 "
                           "of the largest: %1 peaks.",
                           "Según la receta de la propia base de datos se redujeron a un pico por cada m/z entero, en "
                           "enteros de 999 del mayor: %1 picos.",
                           "Selon la recette de la base de données, ils sont devenus un pic par m/z entier, en entiers "
                           "de 999 du plus grand : %1 pics."},
    [WORD_STEP_ACCURATE] = {"By the database’s own recipe faint peaks were left out, close ones joined and the rest "
                            "weighted by spectral entropy: %1 peaks.",
                            "Según la receta de la propia base de datos se omitieron los picos débiles, se unieron los "
                            "próximos y los demás se ponderaron por entropía espectral: %1 picos.",
                            "Selon la recette de la base de données, les pics faibles ont été écartés, les pics "
                            "proches réunis et les autres pondérés par l’entropie spectrale : %1 pics."},
    [WORD_STEP_OUT_OF_RANGE] = {"%1 peaks lie outside the recipe’s range of m/z and were left out.",
                                "%1 picos quedan fuera del intervalo de m/z de la receta y se omitieron.",
                                "%1 pics sont hors de la plage de m/z de la recette et ont été écartés."},
    [WORD_STEP_COMPARED] = {"It was compared with %1 reference spectra.", "Se comparó con %1 espectros de referencia.",
                            "Il a été comparé à %1 spectres de référence."},
    [WORD_STEP_WINDOW] = {"It was compared with %1 reference spectra, those inside the precursor window.",
                          "Se comparó con %1 espectros de referencia, los de la ventana del precursor.",
                          "Il a été comparé à %1 spectres de référence, ceux de la fenêtre du précurseur."},
    [WORD_STEP_EI_SCORE] = {"Candidates were ranked by the EI identity score E4; the best spectrum of each compound "
                            "counts.",
                            "Los candidatos se ordenaron por la puntuación de identidad E4 para EI; cuenta el mejor "
                            "espectro de cada compuesto.",
                            "Les candidats ont été classés par le score d’identité E4 pour l’EI ; le meilleur spectre "
                            "de chaque composé compte."},
    [WORD_STEP_ENTROPY] = {"Candidates were ranked by spectral entropy similarity; the best spectrum of each compound "
                           "counts.",
                           "Los candidatos se ordenaron por similitud de entropía espectral; cuenta el mejor espectro "
                           "de cada compuesto.",
                           "Les candidats ont été classés par similarité d’entropie spectrale ; le meilleur spectre de "
                           "chaque composé compte."},
    [WORD_STEP_CALIBRATED] = {"Scores were turned into probabilities by a calibration that was fitted from %1 degraded "
                              "spectra of the database.",
                              "Las puntuaciones se convirtieron en probabilidades con una calibración ajustada con %1 "
                              "espectros degradados de la base de datos.",
                              "Les scores ont été convertis en probabilités par un étalonnage ajusté sur %1 spectres "
                              "dégradés de la base de données."},
    [WORD_STEP_UNCALIBRATED] = {"No probability was computed: scores of this kind of spectrum are not calibrated.",
                                "No se calculó ninguna probabilidad: las puntuaciones de este tipo de espectro no "
                                "están calibradas.",
                                "Aucune probabilité n’a été calculée : les scores de ce type de spectre ne sont pas "
                                "étalonnés."},
    [WORD_STEP_OUTSIDE] = {"No probability was computed: the case is outside what the database was calibrated for.",
                           "No se calculó ninguna probabilidad: el caso queda fuera del dominio para el que se calibró "
                           "la base de datos.",
                           "Aucune probabilité n’a été calculée : le cas est hors du domaine pour lequel la base de "
                           "données a été étalonnée."},
    [WORD_SUPPORTED] = {"Supported", "Respaldado", "Étayé"},
    [WORD_NOT_DISTINGUISHED] = {"Not distinguished", "No distinguido", "Non distingué"},
    [WORD_CLASS_ONLY] = {"Class only", "Solo la clase", "Classe seulement"},
    [WORD_INCONCLUSIVE] = {"Inconclusive", "No concluyente", "Non concluant"},
    [WORD_NO_MATCH] = {"No match", "Sin coincidencia", "Aucune correspondance"},
    [WORD_SAYS_SUPPORTED] = {"The spectrum is consistent with one substance of those measured: %1.",
                             "El espectro es compatible con una sola de las sustancias medidas: %1.",
                             "Le spectre est compatible avec une seule des substances mesurées : %1."},
    [WORD_SAYS_SET] = {"The spectrum is consistent with each of %1 substances, which these data cannot tell apart; "
                       "the first is %2.",
                       "El espectro es compatible con cada una de %1 sustancias que estos datos no permiten "
                       "distinguir; la primera es %2.",
                       "Le spectre est compatible avec chacune de %1 substances que ces données ne permettent pas de "
                       "distinguer ; la première est %2."},
    [WORD_SAYS_ISOMERS] = {"The spectrum is consistent with %1; an isomer of it is not excluded.",
                           "El espectro es compatible con %1; no se excluye un isómero.",
                           "Le spectre est compatible avec %1 ; un isomère n’est pas exclu."},
    [WORD_SAYS_CLASS] = {"The spectrum is consistent with a compound of the family “%1”, and with none of its measured "
                         "members.",
                         "El espectro es compatible con un compuesto de la familia «%1», y con ninguno de sus miembros "
                         "medidos.",
                         "Le spectre est compatible avec un composé de la famille « %1 », et avec aucun de ses membres "
                         "mesurés."},
    [WORD_SAYS_INCONCLUSIVE] = {"There is too little, or too little likeness, to say more.",
                                "Hay muy poco, o muy poca semejanza, para decir más.",
                                "Il y a trop peu, ou trop peu de ressemblance, pour en dire plus."},
    [WORD_SAYS_NO_MATCH] = {"Nothing in the databases searched resembles the spectrum.",
                            "Nada en las bases de datos consultadas se parece al espectro.",
                            "Rien dans les bases de données consultées ne ressemble au spectre."},
    [WORD_PROBABILITY] = {"Probability that the first candidate is the right substance: %1; that its formula is right: "
                          "%2. Both assume that a substance is in this database as often as not.",
                          "Probabilidad de que el primer candidato sea la sustancia correcta: %1; de que su fórmula "
                          "sea correcta: %2. Ambas suponen que una sustancia está en esta base de datos la mitad de "
                          "las veces.",
                          "Probabilité que le premier candidat soit la bonne substance : %1 ; que sa formule soit la "
                          "bonne : %2. Les deux supposent qu’une substance se trouve dans cette base une fois sur "
                          "deux."},
    [WORD_NO_PROBABILITY] = {"No probability is given.", "No se da ninguna probabilidad.",
                             "Aucune probabilité n’est donnée."},
    [WORD_PICTURE] = {"The spectrum as measured (up) and the reference most like it (down), each in % of its largest "
                      "peak; where nothing is alike, the spectrum alone. Matches in the picture are for the eye; the "
                      "score compares prepared spectra.",
                      "El espectro medido (arriba) y la referencia más parecida (abajo), cada uno en % de su pico "
                      "mayor; si nada se le parece, el espectro solo. Las coincidencias de la figura son para la "
                      "vista; la puntuación compara espectros preparados.",
                      "Le spectre mesuré (en haut) et la référence la plus proche (en bas), chacun en % de son plus "
                      "grand pic ; si rien n’y ressemble, le spectre seul. Les correspondances de la figure sont pour "
                      "l’œil ; le score compare des spectres préparés."},
    [WORD_CANDIDATES] = {"Candidates", "Candidatos", "Candidats"},
    [WORD_NO_CANDIDATES] = {"There is none.", "No hay ninguno.", "Il n’y en a aucun."},
    [WORD_RANK] = {"No.", "N.º", "N°"},
    [WORD_SUBSTANCE] = {"Substance", "Sustancia", "Substance"},
    [WORD_FORMULA] = {"Formula", "Fórmula", "Formule"},
    [WORD_SCORE] = {"Score (0 to 1)", "Puntuación (0 a 1)", "Score (0 à 1)"},
    [WORD_REVERSE] = {"Reverse", "Inversa", "Inverse"},
    [WORD_MATCHED] = {"Peaks matched", "Picos coincidentes", "Pics communs"},
    [WORD_CHANCE] = {"Probability", "Probabilidad", "Probabilité"},
    [WORD_REFERENCE] = {"Reference", "Referencia", "Référence"},
    [WORD_OF] = {"%1 of %2", "%1 de %2", "%1 sur %2"},
    [WORD_IN_SET] = {"Marked rows are what the data cannot tell apart from the first.",
                     "Las filas marcadas son las que los datos no permiten distinguir de la primera.",
                     "Les lignes marquées sont celles que les données ne distinguent pas de la première."},
    [WORD_MORE_CANDIDATES] = {"%1 more, less alike, are in the data inside this file.",
                              "Hay %1 más, menos parecidos, en los datos contenidos en este archivo.",
                              "%1 de plus, moins ressemblants, sont dans les données contenues dans ce fichier."},
    [WORD_SET] = {"What could not be told apart", "Qué no se pudo distinguir", "Ce qui n’a pu être distingué"},
    [WORD_SET_NONE] = {"No candidate is supported, so there is no set.",
                       "Ningún candidato está respaldado, por lo que no hay conjunto.",
                       "Aucun candidat n’est étayé, il n’y a donc pas d’ensemble."},
    [WORD_SET_ONE] = {"Of the substances measured, one alone is consistent.",
                      "De las sustancias medidas, una sola es compatible.",
                      "Parmi les substances mesurées, une seule est compatible."},
    [WORD_ISOMERS] =
        {"Known isomers of which nobody measured a spectrum of this kind for the database, so that nothing "
         "excludes them:",
         "Isómeros conocidos de los que nadie midió un espectro de este tipo para la base de datos, de "
         "modo que nada los excluye:",
         "Isomères connus dont personne n’a mesuré de spectre de ce type pour la base, de sorte que rien "
         "ne les exclut :"},
    [WORD_ISOMERS_NONE] = {"The database’s table of substances knows no isomer of these that is unmeasured; others may "
                           "exist.",
                           "La tabla de sustancias de la base de datos no conoce ningún isómero de estas sin medir; "
                           "pueden existir otros.",
                           "La table des substances de la base ne connaît aucun isomère non mesuré de celles-ci ; "
                           "d’autres peuvent exister."},
    [WORD_ANALOGUE] = {"Family and modification", "Familia y modificación", "Famille et modification"},
    [WORD_FAMILY] = {"Family", "Familia", "Famille"},
    [WORD_MASS] = {"Nominal molecular mass", "Masa molecular nominal", "Masse moléculaire nominale"},
    [WORD_MASS_GIVEN] = {"given", "indicada", "donnée"},
    [WORD_MASS_OBSERVED] = {"observed", "observada", "observée"},
    [WORD_MASS_INFERRED] = {"inferred", "inferida", "inférée"},
    [WORD_DIFFERENCE] = {"Difference from %1 (Da)", "Diferencia respecto de %1 (Da)", "Différence avec %1 (Da)"},
    [WORD_SITES] = {"Modified at (probability)", "Modificado en (probabilidad)", "Modifié en (probabilité)"},
    [WORD_NO_SITE] = {"no site: the parent or an isomer of it", "ningún sitio: el compuesto base o un isómero",
                      "aucun site : le composé parent ou un isomère"},
    [WORD_RELATIVES] = {"Known members most like it, whatever their mass (likeness, difference)",
                        "Miembros conocidos más parecidos, sea cual sea su masa (semejanza, diferencia)",
                        "Membres connus les plus proches, quelle que soit leur masse (ressemblance, différence)"},
    [WORD_UNEXPLAINED] = {"Unexplained peaks", "Picos sin explicar", "Pics inexpliqués"},
    [WORD_UNEXPLAINED_SAYS] = {"Main peaks of the spectrum that the first candidate’s reference has not (m/z and share "
                               "of the base peak):",
                               "Picos principales del espectro que la referencia del primer candidato no tiene (m/z y "
                               "proporción del pico base):",
                               "Pics principaux du spectre que la référence du premier candidat n’a pas (m/z et part "
                               "du pic de base) :"},
    [WORD_UNEXPLAINED_NONE] = {"none of the ten largest", "ninguno de los diez mayores", "aucun des dix plus grands"},
    [WORD_ABSENT_SAYS] = {"Main peaks of that reference that the spectrum has not (m/z):",
                          "Picos principales de esa referencia que el espectro no tiene (m/z):",
                          "Pics principaux de cette référence que le spectre n’a pas (m/z) :"},
    [WORD_AGAINST] = {"What speaks against it", "Qué habla en contra", "Ce qui s’y oppose"},
    [WORD_AGAINST_NONE] = {"The library found nothing to state.", "La biblioteca no encontró nada que señalar.",
                           "La bibliothèque n’a rien trouvé à signaler."},
    [WORD_WARNINGS] = {"What limits it", "Qué lo limita", "Ce qui le limite"},
    [WORD_LIBRARY_WORDS] = {"", "(En las palabras del programa, en inglés.)",
                            "(Dans les termes du programme, en anglais.)"},
    [WORD_BLIND] = {"What the database cannot see", "Qué no puede ver la base de datos",
                    "Ce que la base de données ne peut voir"},
    [WORD_BLIND_HOLDS] = {"%1: %2 spectra of this kind, of %3 substances.",
                          "%1: %2 espectros de este tipo, de %3 sustancias.",
                          "%1 : %2 spectres de ce type, de %3 substances."},
    [WORD_BLIND_WITHOUT] = {"%1 substances that its table names have no spectrum of this kind, and what the table does "
                            "not name it cannot see at all.",
                            "%1 sustancias que su tabla nombra no tienen espectro de este tipo, y lo que la tabla no "
                            "nombra no puede verlo en absoluto.",
                            "%1 substances que sa table nomme n’ont pas de spectre de ce type, et ce que la table ne "
                            "nomme pas, elle ne peut le voir du tout."},
    [WORD_LIMITS] = {"Limits of the method", "Límites del método", "Limites de la méthode"},
    [WORD_LIMIT_TECHNIQUE] = {"A mass spectrum is one technique. Another, independent one is needed to identify a "
                              "substance.",
                              "Un espectro de masas es una sola técnica. Para identificar una sustancia se necesita "
                              "otra, independiente.",
                              "Un spectre de masse est une seule technique. Il en faut une autre, indépendante, pour "
                              "identifier une substance."},
    [WORD_LIMIT_PERSON] = {"This report gives evidence; the identification is made by a person who answers for it.",
                           "Este informe aporta indicios; la identificación la hace una persona que responde por ella.",
                           "Ce rapport fournit des éléments ; l’identification est faite par une personne qui en "
                           "répond."},
    [WORD_LIMIT_ISOMERS] = {"Isomers, and above all positional and stereoisomers, often have spectra that are the same "
                            "within the error of measurement. Retention data beside a reference material can help.",
                            "Los isómeros, sobre todo los de posición y los estereoisómeros, suelen tener espectros "
                            "iguales dentro del error de medida. Pueden ayudar los datos de retención junto a un "
                            "material de referencia.",
                            "Les isomères, surtout de position et stéréoisomères, ont souvent des spectres identiques "
                            "à l’erreur de mesure près. Des données de rétention à côté d’un matériau de référence "
                            "peuvent aider."},
    [WORD_LIMIT_DATABASE] = {"A substance that is not in the database cannot be named. That nothing matches does not "
                             "mean that nothing is there.",
                             "Una sustancia que no está en la base de datos no puede nombrarse. Que nada coincida no "
                             "significa que no haya nada.",
                             "Une substance absente de la base ne peut être nommée. L’absence de correspondance ne "
                             "signifie pas qu’il n’y a rien."},
    [WORD_LIMIT_PROBABILITY] =
        {"Probabilities describe how such scores turned out on degraded spectra of the database; "
         "they know nothing of the circumstances of the case.",
         "Las probabilidades describen cómo resultaron tales puntuaciones con espectros "
         "degradados de la base de datos; nada saben de las circunstancias del caso.",
         "Les probabilités décrivent ce que de tels scores ont donné sur des spectres dégradés "
         "de la base ; elles ignorent tout des circonstances de l’affaire."},
    [WORD_LIMIT_MIXTURE] = {"Each spectrum was taken for that of one substance. Of a mixture the smaller parts may go "
                            "unseen.",
                            "Cada espectro se tomó por el de una sola sustancia. En una mezcla, los componentes "
                            "menores pueden pasar inadvertidos.",
                            "Chaque spectre a été pris pour celui d’une seule substance. Dans un mélange, les parts "
                            "mineures peuvent passer inaperçues."},
    [WORD_ORIGIN] = {"Versions and digests", "Versiones y resúmenes criptográficos", "Versions et empreintes"},
    [WORD_DATABASE] = {"Database", "Base de datos", "Base de données"},
    [WORD_LIBRARY] = {"Library", "Biblioteca", "Bibliothèque"},
    [WORD_SETTINGS] = {"Settings of spectrum %1", "Ajustes del espectro %1", "Réglages du spectre %1"},
    [WORD_OPTIONS] = {"Options given", "Opciones indicadas", "Options données"},
    [WORD_REPLAY] = {"The spectra and verdicts are inside this file. “spectra report --replay FILE” computes them "
                     "again and says whether every byte is the same.",
                     "Los espectros y resultados están dentro de este archivo. «spectra report --replay ARCHIVO» los "
                     "calcula de nuevo y dice si cada byte es igual.",
                     "Les spectres et résultats sont dans ce fichier. « spectra report --replay FICHIER » les calcule "
                     "à nouveau et dit si chaque octet est le même."},
    [WORD_SIGNATURE] = {"Signature", "Firma", "Signature"},
};
