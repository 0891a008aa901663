/**
 * The placement of a chain on a mesh by Parthasarathy and Krishnamachari (ITNAC 2022, arXiv 2210.12219), and what they
 * compared it with, rebuilt from the code in ANRGUSC/SEIFER: what is certain about each and what is reconstructed is in its
 * Javadoc. Start at {@link dev.tandem.core.planner.baseline.kpath.MinSumPartition}.
 */
@NullMarked
package dev.tandem.core.planner.baseline.kpath;

import org.jspecify.annotations.NullMarked;
