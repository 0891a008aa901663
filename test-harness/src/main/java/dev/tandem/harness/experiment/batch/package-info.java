/**
 * Batches of images shared among unequal machines of a test bed and really classified: what is asked for, how it is shared,
 * the record of it, and what the records come to. Start at {@link dev.tandem.harness.experiment.batch.BatchTrial}.
 */
@NullMarked
package dev.tandem.harness.experiment.batch;

import org.jspecify.annotations.NullMarked;
