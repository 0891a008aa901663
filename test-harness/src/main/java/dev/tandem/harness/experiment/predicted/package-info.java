/**
 * What plans are predicted and simulated to do beside what they do on members of this machine. Start at
 * {@link dev.tandem.harness.experiment.predicted.Round}.
 */
@NullMarked
package dev.tandem.harness.experiment.predicted;

import org.jspecify.annotations.NullMarked;
