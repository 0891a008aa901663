/** What a division of a model costs: measured times, transfers, memory and energy. Start at {@link CostModel}. */
@NullMarked
package dev.tandem.core.cost;

import org.jspecify.annotations.NullMarked;
