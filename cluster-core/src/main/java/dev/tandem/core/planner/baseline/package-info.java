/**
 * Published ways of dividing a model, and simple ones, as planners of ordinary plans: what Tandem is compared with. All
 * see the same costs and are scored by the same scorer. Start at {@link Baselines}.
 */
@NullMarked
package dev.tandem.core.planner.baseline;

import org.jspecify.annotations.NullMarked;
