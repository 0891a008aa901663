/** Charts of experiments as SVG files. Start at {@link dev.tandem.harness.experiment.chart.ChartFile}. */
@NullMarked
package dev.tandem.harness.experiment.chart;

import org.jspecify.annotations.NullMarked;
