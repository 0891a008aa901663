/** How planning grows with the cluster. Start at {@link dev.tandem.harness.experiment.scale.Fleets}. */
@NullMarked
package dev.tandem.harness.experiment.scale;

import org.jspecify.annotations.NullMarked;
