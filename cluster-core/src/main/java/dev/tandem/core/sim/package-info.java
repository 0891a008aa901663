/**
 * Discrete-event execution of a plan on a topology: what many requests at a time, jitter, drift and losses do to it. Start
 * at {@link Simulation}.
 */
@NullMarked
package dev.tandem.core.sim;

import org.jspecify.annotations.NullMarked;
