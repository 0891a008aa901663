/**
 * Plans measured on a test bed of unequal machines: what is measured, the log that a run goes on with where it stopped, and
 * what the figures come to.
 */
@NullMarked
package dev.tandem.harness.experiment.emulated;

import org.jspecify.annotations.NullMarked;
