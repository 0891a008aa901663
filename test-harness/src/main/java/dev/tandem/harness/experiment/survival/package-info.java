/**
 * Requests that go on while machines of a test bed fail: what becomes of each, and how long the ones that needed what was lost
 * had to wait. Start at {@link dev.tandem.harness.experiment.survival.WatchedLoad}.
 */
@NullMarked
package dev.tandem.harness.experiment.survival;

import org.jspecify.annotations.NullMarked;
