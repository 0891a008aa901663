package dev.tandem.config;

/**
 * How the model is divided over the nodes.
 *
 * @param maxNodes nodes that one plan may use
 */
public record PlannerSettings(PlannerObjective objective, PlannerScheme scheme, int maxNodes) {

    private static final int MAX_NODES = 64;

    public PlannerSettings {
        Limits.check("maxNodes", maxNodes, 1, MAX_NODES);
    }

    static PlannerSettings from(SectionReader reader) {
        return new PlannerSettings(
                reader.choice("objective", PlannerObjective.class),
                reader.choice("scheme", PlannerScheme.class),
                reader.integer("max-nodes", 1, MAX_NODES));
    }
}
