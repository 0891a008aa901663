/** Figures that sum up many trials. Start at {@link dev.tandem.harness.experiment.statistics.Quartiles}. */
@NullMarked
package dev.tandem.harness.experiment.statistics;

import org.jspecify.annotations.NullMarked;
