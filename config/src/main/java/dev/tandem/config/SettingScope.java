package dev.tandem.config;

import java.util.Map;
import java.util.Set;

/** What happens when the value of a key is changed in the file of a running member; marked in {@code reference.conf}. */
public enum SettingScope {
    /** The member takes it over. */
    MEMBER,
    /** The cluster takes it over from the node that has the supervisor; on other nodes it waits for that. */
    CLUSTER,
    /** It is in force when the member is started again. */
    RESTART;

    private static final Map<String, SettingScope> SCOPES = Map.ofEntries(
            Map.entry("tandem.node.name", RESTART),
            Map.entry("tandem.node.data-directory", RESTART),
            Map.entry("tandem.node.memory", RESTART),
            Map.entry("tandem.node.core-groups", RESTART),
            Map.entry("tandem.node.power", RESTART),
            Map.entry("tandem.network.host", RESTART),
            Map.entry("tandem.network.port", RESTART),
            Map.entry("tandem.network.bind-host", RESTART),
            Map.entry("tandem.network.seeds", RESTART),
            Map.entry("tandem.network.join-timeout", RESTART),
            Map.entry("tandem.network.tether-port", RESTART),
            Map.entry("tandem.network.tether-beat", RESTART),
            Map.entry("tandem.network.tether-silence", RESTART),
            Map.entry("tandem.transport.frame-bytes", RESTART),
            Map.entry("tandem.transport.window", RESTART),
            Map.entry("tandem.transport.weight-chunk-bytes", RESTART),
            Map.entry("tandem.gateway.max-in-flight", MEMBER),
            Map.entry("tandem.gateway.queue-capacity", MEMBER),
            Map.entry("tandem.gateway.request-bytes", MEMBER),
            Map.entry("tandem.gateway.request-timeout", MEMBER),
            Map.entry("tandem.gateway.models", MEMBER),
            Map.entry("tandem.supervisor.rollout-timeout", RESTART),
            Map.entry("tandem.supervisor.drain-timeout", RESTART),
            Map.entry("tandem.runtime.pin-threads", RESTART),
            Map.entry("tandem.runtime.intra-op-spinning", RESTART),
            Map.entry("tandem.runtime.prepack", RESTART),
            Map.entry("tandem.runtime.native-directory", RESTART),
            Map.entry("tandem.planner.objective", CLUSTER),
            Map.entry("tandem.planner.scheme", CLUSTER),
            Map.entry("tandem.planner.max-nodes", CLUSTER),
            Map.entry("tandem.planner.nodes", CLUSTER),
            Map.entry("tandem.planner.max-latency", CLUSTER),
            Map.entry("tandem.planner.min-throughput", CLUSTER),
            Map.entry("tandem.planner.max-energy", CLUSTER),
            Map.entry("tandem.planner.codec", CLUSTER),
            Map.entry("tandem.rebalance.enabled", CLUSTER),
            Map.entry("tandem.rebalance.least-gain", CLUSTER),
            Map.entry("tandem.rebalance.horizon", CLUSTER),
            Map.entry("tandem.rebalance.cool-down", CLUSTER),
            Map.entry("tandem.rebalance.standby", CLUSTER),
            Map.entry("tandem.rebalance.record", RESTART),
            Map.entry("tandem.log.level", MEMBER));

    /**
     * The scope of a key.
     *
     * @param path {@code tandem.section.key}
     * @throws IllegalArgumentException when there is no such key
     */
    public static SettingScope of(String path) {
        SettingScope scope = SCOPES.get(path);
        if (scope == null) {
            throw new IllegalArgumentException(path + " must be one of the settings " + keys() + ".");
        }
        return scope;
    }

    /** All keys that have a scope, which are all there are. */
    static Set<String> keys() {
        return SCOPES.keySet();
    }
}
