/**
 * Variants, boards, requests and strategies of the experiment {@code accuracy-share}, and what is written about it. Start at
 * {@link dev.tandem.harness.experiment.share.Trials}.
 */
@NullMarked
package dev.tandem.harness.experiment.share;

import org.jspecify.annotations.NullMarked;
