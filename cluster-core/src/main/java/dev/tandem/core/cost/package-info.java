/** What a division of a model costs: measured times, transfers and memory. Start at {@link LayerTimes}. */
@NullMarked
package dev.tandem.core.cost;

import org.jspecify.annotations.NullMarked;
