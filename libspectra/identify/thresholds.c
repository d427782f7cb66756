/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tests/evaluate/fit_thresholds.py, which says what each number means; do not edit.
   EI: 222 queries of 110 compounds in the reference, 222 of 110 without theirs.
   MS/MS: 1299 queries of 235 compounds in the reference, 3315 of 690 without theirs.
   in-source: 42 queries of 14 compounds in the reference, 42 of 14 without theirs.
   Input, SHA-256:
     ei_dev.msp
       bc0b4c23104d0a8b60a64861199be9d94d1d17a34e44b2c51d7d476ade1ced34
     ei_dev_crosslab.msp
       516ddabb81dbf5d4b5fd25fe43179fe97494f63cf15ddda837a947f2cf65145f
     msms_ref_open.msp
       de3be5a9d49d07ccea9b731b23856efa5f993952f109a120b21e2e1015a6237e
     msms_dev_queries.msp
       5f0a0180162968e96284a4f198cebda3daee98fcad52b9b88ca7ce623bb59ef2
     msms_dev_notinlib.msp
       f4e2c792e24c63a8e57c06bcc981902dfc708ec948ae5c3fd7389957056d60b6
     nist_dart_isomer_replicates.msp
       b33c7c15dc1841a50a25b4a78dbfb50e024c0549207916c47a0a9ff7a1990252
     insource_decoys.msp
       49f7a2c443bf0b5d74360b9cac8e23809f00af8c68dd59d0fcbea57cab182833 */
#include "identify/thresholds.h"

const identify_thresholds identify_thresholds_by_track[3] = {
    /* EI: resembles 0.685, group 1.017, structure 1.166, margin 0.071 */
    {735512076u, 1092312189u, 1252104300u, 76041323u, 6u},
    /* MS/MS: resembles 0.195, group 0.806, structure 1.544, margin 0.195 */
    {209834923u, 865350011u, 1657848787u, 209582593u, 2u},
    /* in-source: resembles 0.807, group 1.312, structure 1.386, margin 0.195 */
    {866978878u, 1408680554u, 1488475678u, 209582593u, 2u},
};
