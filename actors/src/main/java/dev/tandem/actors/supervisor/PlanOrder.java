package dev.tandem.actors.supervisor;

import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanBounds;
import dev.tandem.core.planner.Scheme;

/** What to ask the planner for: an order in which nothing is open, and what bounds it. */
record PlanOrder(Scheme scheme, Objective objective, int maxNodes, int shards, PlanBounds bounds) {}
