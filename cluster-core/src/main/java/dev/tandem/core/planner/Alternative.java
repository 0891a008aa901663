package dev.tandem.core.planner;

import dev.tandem.core.plan.PlanScore;
import java.util.Optional;

/**
 * A division that was considered.
 *
 * @param name the division in words, such as {@code pipeline over 3 nodes}
 * @param predicted what it would do; absent where it does not fit
 * @param remark where it runs, or why it does not fit
 */
public record Alternative(String name, Optional<PlanScore> predicted, String remark) {}
