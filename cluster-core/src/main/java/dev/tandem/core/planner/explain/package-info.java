/**
 * Why a plan and no other: how far it is from what no plan can beat, and the best of every other way of dividing. Start at
 * {@link dev.tandem.core.planner.explain.PlanReasons}.
 */
@NullMarked
package dev.tandem.core.planner.explain;

import org.jspecify.annotations.NullMarked;
