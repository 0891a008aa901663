package dev.tandem.config;

/**
 * All settings of one Tandem process, one record per section of {@code reference.conf}. The name of a component is the
 * name of its key in camel case; meanings, units and defaults stand in {@code reference.conf}.
 */
public record TandemSettings(
        NodeSettings node,
        NetworkSettings network,
        TransportSettings transport,
        GatewaySettings gateway,
        SupervisorSettings supervisor,
        RuntimeSettings runtime,
        PlannerSettings planner,
        RebalanceSettings rebalance,
        LogSettings log) {

    /** Those of the cluster. */
    public ClusterSettings cluster() {
        return new ClusterSettings(planner, rebalance);
    }

    /** These settings with all that a running member can take over from a file that was read again. */
    TandemSettings reloaded(TandemSettings file) {
        return new TandemSettings(
                node, network, transport, file.gateway, supervisor, runtime, file.planner, file.rebalance, file.log);
    }

    static TandemSettings from(SectionReader reader) {
        return new TandemSettings(
                NodeSettings.from(reader.section("node")),
                NetworkSettings.from(reader.section("network")),
                TransportSettings.from(reader.section("transport")),
                GatewaySettings.from(reader.section("gateway")),
                SupervisorSettings.from(reader.section("supervisor")),
                RuntimeSettings.from(reader.section("runtime")),
                PlannerSettings.from(reader.section("planner")),
                RebalanceSettings.from(reader.section("rebalance")),
                LogSettings.from(reader.section("log")));
    }
}
