/**
 * The clusters, models and techniques of the experiment {@code parthasarathy}, and what is written about it. Start at {@link
 * dev.tandem.harness.experiment.kpath.Trials}.
 */
@NullMarked
package dev.tandem.harness.experiment.kpath;

import org.jspecify.annotations.NullMarked;
