/** Decides what runs where. Start at {@link Planner}; {@code choice} takes the best of all. */
@NullMarked
package dev.tandem.core.planner;

import org.jspecify.annotations.NullMarked;
