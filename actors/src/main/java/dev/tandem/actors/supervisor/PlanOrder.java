package dev.tandem.actors.supervisor;

import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;

/** What to ask the planner for: an order in which nothing is open, and what it must keep within. */
record PlanOrder(Scheme scheme, Objective objective, int maxNodes, int shards, Constraints constraints) {}
