/** Decides what runs where. Start at {@link Planner}. */
@NullMarked
package dev.tandem.core.planner;

import org.jspecify.annotations.NullMarked;
