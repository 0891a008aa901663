/**
 * One lane of stages over nodes, each stage divided again over core groups: searched exactly where that is small enough.
 * Start at {@link HybridPlanner}.
 */
@NullMarked
package dev.tandem.core.planner.hybrid;

import org.jspecify.annotations.NullMarked;
