/**
 * Figures that sum up many trials. Start at {@link dev.tandem.harness.experiment.statistics.Quartiles}, and for paired ratios
 * at {@link dev.tandem.harness.experiment.statistics.RatioInterval}.
 */
@NullMarked
package dev.tandem.harness.experiment.statistics;

import org.jspecify.annotations.NullMarked;
