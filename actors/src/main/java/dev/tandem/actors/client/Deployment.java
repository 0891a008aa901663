package dev.tandem.actors.client;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Plan;

/** A model that is served. */
public record Deployment(long epoch, ModelGraph graph, Plan plan) {}
