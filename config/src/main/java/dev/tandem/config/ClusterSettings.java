package dev.tandem.config;

/** What the cluster as a whole does: the settings that are those of the node that has the supervisor. */
public record ClusterSettings(PlannerSettings planner, RebalanceSettings rebalance) {}
