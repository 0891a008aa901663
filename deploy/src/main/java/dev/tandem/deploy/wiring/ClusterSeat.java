package dev.tandem.deploy.wiring;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.inference.runtime.NativeLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A seat in a cluster for one command: a cluster of this machine that goes with the seat, or one that runs anyway. Owns
 * the session and, where there are any, the local cluster and the node in this process.
 */
public final class ClusterSeat implements AutoCloseable {

    private final Optional<LocalCluster> cluster;
    private final Optional<HostedNode> node;
    private final ClusterSession session;

    private ClusterSeat(Optional<LocalCluster> cluster, Optional<HostedNode> node, ClusterSession session) {
        this.cluster = cluster;
        this.node = node;
        this.session = session;
    }

    /**
     * Starts a cluster of members on this machine, the first of which is this process, and takes the seat there: what is
     * asked passes to a shard of that member by reference.
     *
     * @throws LocalClusterException when a member does not come up
     */
    public static ClusterSeat hosting(List<NodeTemplate> templates) {
        HostedNode node = HostedNode.start(templates.get(0));
        Optional<LocalCluster> others = Optional.empty();
        try {
            if (templates.size() > 1) {
                others = Optional.of(LocalCluster.join(templates.subList(1, templates.size()), node.address()));
            }
            return new ClusterSeat(others, Optional.of(node), node.session());
        } catch (RuntimeException e) {
            others.ifPresent(LocalCluster::close);
            node.close();
            throw e;
        }
    }

    /**
     * Starts a cluster of members on this machine and joins it.
     *
     * @throws LocalClusterException when a member does not come up
     */
    public static ClusterSeat local(List<NodeTemplate> templates) {
        LocalCluster cluster = LocalCluster.start(templates);
        try {
            return join(Optional.of(cluster), SettingsLoader.load(Optional.empty(), local(cluster.seed())));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Joins the cluster that the seeds of a settings file name, or the members of a cluster file.
     *
     * @throws dev.tandem.config.SettingsException when the settings cannot be used
     */
    public static ClusterSeat remote(Path settings) {
        return join(Optional.empty(), RunningCluster.settings(Optional.of(settings)));
    }

    private static ClusterSeat join(Optional<LocalCluster> cluster, LoadedSettings loaded) {
        NativeLibrary.prepare(NativeFiles.directory(loaded.settings()));
        return new ClusterSeat(cluster, Optional.empty(), ClusterSession.join(loaded, BuildVersion.text()));
    }

    public ClusterSession session() {
        return session;
    }

    /** Processes of the local cluster's members, this one apart; none where the cluster runs anyway. */
    public List<ProcessHandle> memberProcesses() {
        return cluster.map(LocalCluster::processes).orElse(List.of());
    }

    /** Why something may have failed: a member of the local cluster that has died. */
    public Optional<String> deadMember() {
        return cluster.flatMap(LocalCluster::deadMember);
    }

    /** Withdraws the model, leaves, and stops the local cluster. */
    @Override
    public void close() {
        try {
            session.close();
        } finally {
            cluster.ifPresent(LocalCluster::close);
            node.ifPresent(HostedNode::close);
        }
    }

    private static Config local(String seed) {
        return ConfigFactory.parseMap(
                Map.of(
                        "tandem.network.host",
                        "127.0.0.1",
                        "tandem.network.bind-host",
                        "",
                        "tandem.network.port",
                        0,
                        "tandem.network.tether-port",
                        0,
                        "tandem.network.seeds",
                        List.of(seed)),
                "the local cluster");
    }
}
