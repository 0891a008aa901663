/** Takes the best of all planners and published schemes. Start at {@link DefaultPlanner}. */
@NullMarked
package dev.tandem.core.planner.choice;

import org.jspecify.annotations.NullMarked;
