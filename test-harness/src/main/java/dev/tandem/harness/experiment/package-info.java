/** Recorded measurements of the running system. Start at {@link ExperimentCommand}. */
@NullMarked
package dev.tandem.harness.experiment;

import org.jspecify.annotations.NullMarked;
