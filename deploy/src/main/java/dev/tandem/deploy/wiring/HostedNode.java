package dev.tandem.deploy.wiring;

import dev.tandem.actors.client.ClusterSession;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.MemberNode;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that runs in this process, with its files in a folder of its own. */
final class HostedNode implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostedNode.class);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(10);

    private final ScratchDirectory scratch;
    private final MemberNode node;

    private HostedNode(ScratchDirectory scratch, MemberNode node) {
        this.scratch = scratch;
        this.node = node;
    }

    /** Starts the node, alone in a cluster that others may join. */
    static HostedNode start(NodeTemplate template) {
        ScratchDirectory scratch = scratch();
        try {
            LoadedSettings settings = SettingsLoader.load(Optional.empty(), template.settings(scratch.path(), ""));
            return new HostedNode(scratch, MemberNode.start(settings, BuildVersion.text()));
        } catch (RuntimeException e) {
            remove(scratch);
            throw e;
        }
    }

    /** Where it can be joined: {@code host:port}. */
    String address() {
        return node.address().toString();
    }

    /** A seat on the node; at most one. */
    ClusterSession session() {
        return ClusterSession.on(node);
    }

    /** Leaves the cluster, waits for the end and removes the files. */
    @Override
    public void close() {
        try {
            node.stop().toCompletableFuture().get(STOP_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("node {} did not stop as it should: {}", node.name(), String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            remove(scratch);
        }
    }

    private static ScratchDirectory scratch() {
        try {
            return ScratchDirectory.create();
        } catch (IOException e) {
            throw new LocalClusterException("no directory for the node's files can be made: " + e, e);
        }
    }

    private static void remove(ScratchDirectory scratch) {
        try {
            scratch.close();
        } catch (IOException e) {
            LOG.warn("files of the node in {} cannot be removed: {}", scratch.path(), e.getMessage());
        }
    }
}
