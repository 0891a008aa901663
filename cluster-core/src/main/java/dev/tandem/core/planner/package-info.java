/** Decides what runs where. Start at {@link DefaultPlanner}. */
@NullMarked
package dev.tandem.core.planner;

import org.jspecify.annotations.NullMarked;
