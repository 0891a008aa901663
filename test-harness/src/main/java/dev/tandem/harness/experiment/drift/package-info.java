/**
 * What a cluster serves while one of its machines becomes slower and faster again. Start at
 * {@link dev.tandem.harness.experiment.drift.Drifting}.
 */
@NullMarked
package dev.tandem.harness.experiment.drift;

import org.jspecify.annotations.NullMarked;
