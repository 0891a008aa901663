/**
 * What a model that is larger than every node takes of their memory on a test bed. Start at
 * {@link dev.tandem.harness.experiment.memory.MemoryRound}.
 */
@NullMarked
package dev.tandem.harness.experiment.memory;

import org.jspecify.annotations.NullMarked;
