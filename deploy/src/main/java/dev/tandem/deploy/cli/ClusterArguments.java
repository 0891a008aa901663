package dev.tandem.deploy.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.NodeTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command works with. */
final class ClusterArguments {

    static final Duration NODES_DEADLINE = Duration.ofMinutes(1);
    static final String HALO =
            "What becomes of rows and columns that a shard reads beyond its own, with --scheme rows or grid: recompute (stages as"
                    + " long as can be), exchange (a stage ends in front of each convolution and pooling, for which neighbours"
                    + " send what lacks) or, with rows, overlap (the same, and what needs nothing of neighbours is computed"
                    + " meanwhile). Default: chosen, where the planner does each of them as it pays, except that for"
                    + " throughput it never does overlap.";

    private static final String DEFAULT_MEMORY = "2GiB";

    @Option(
            names = "--cluster",
            paramLabel = "FILE",
            description = "Join the running cluster that the seeds of this settings file name, rather than starting one"
                    + " on this machine.")
    private @Nullable Path cluster;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "1",
            description = "Threads of one inference on each member of a local cluster. Default: 1.")
    private int threads;

    @Option(
            names = "--core-groups",
            paramLabel = "G",
            defaultValue = "1",
            description = "Core groups of each member of a local cluster, of T threads each. Default: 1.")
    private int coreGroups;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = DEFAULT_MEMORY,
            description =
                    "Memory for parts of the model on each member of a local cluster. Default: " + DEFAULT_MEMORY + ".")
    private String memory = DEFAULT_MEMORY;

    @Option(
            names = "--objective",
            description =
                    "What the plan is best in: latency, throughput, energy or energy-delay. Default: as tandem.planner.objective of the"
                            + " cluster says, throughput unless it is set.")
    private @Nullable Objective objective;

    @Option(
            names = "--codec",
            description =
                    "How tensors travel between nodes: exact, float16, int8, lz4, float16-lz4 or int8-lz4. Default: as"
                            + " tandem.planner.codec of the cluster says, exact unless it is set.")
    private @Nullable Codec codec;

    @Option(names = "--halo", split = ",", paramLabel = "HALO", description = HALO)
    private List<Halo> halos = new ArrayList<>();

    /**
     * Empty: as the planner chooses.
     *
     * @throws CommandException when several are given
     */
    Optional<Halo> halo() {
        if (halos.size() > 1) {
            throw CommandException.usage("--halo must be one of recompute, exchange and overlap here, but is " + halos
                    + ". Maybe compare them with 'tandem verify'.");
        }
        return halos.stream().findFirst();
    }

    /** All that were given; none: as the planner chooses. */
    List<Halo> halos() {
        return List.copyOf(halos);
    }

    /** Empty: as the cluster's settings have it. */
    Optional<Objective> objective() {
        return Optional.ofNullable(objective);
    }

    /** Empty: as the cluster's settings have it. */
    Optional<Codec> codec() {
        return Optional.ofNullable(codec);
    }

    /**
     * Refuses options that cannot be, for commands that have much to do before they {@link #open}.
     *
     * @throws CommandException when there is no such settings file, or a size or number makes no sense
     */
    void check() {
        if (cluster().isEmpty()) {
            var unused = members(1);
        }
    }

    boolean isRunning() {
        return cluster != null;
    }

    /** The members of a local cluster of so many. */
    List<NodeTemplate> members(int nodes) {
        CommandLines.requireAtLeastOne("--threads", threads);
        CommandLines.requireAtLeastOne("--core-groups", coreGroups);
        return NodeTemplate.equal(nodes, coreGroups, threads, memoryBytes(), CpuShares.available());
    }

    /** Joins the running cluster, or starts one of so many members; returns when all are measured. */
    ClusterSeat open(Terminal terminal, int nodes) throws TimeoutException, InterruptedException {
        return open(terminal, nodes, false);
    }

    /** The same; with {@code inside} the first member of a local cluster is this very process. */
    ClusterSeat open(Terminal terminal, int nodes, boolean inside) throws TimeoutException, InterruptedException {
        ClusterSeat seat = cluster().map(ClusterSeat::remote).orElseGet(() -> local(terminal, nodes, inside));
        try {
            seat.session().awaitNodes(cluster().isPresent() ? 1 : nodes, NODES_DEADLINE);
            return seat;
        } catch (TimeoutException e) {
            String dead = seat.deadMember().orElse("");
            seat.close();
            throw new CommandException(
                    ExitCode.RUNTIME_ERROR,
                    "fewer than " + nodes + " nodes were measured in " + NODES_DEADLINE.toSeconds() + " s. " + dead,
                    e);
        } catch (RuntimeException | InterruptedException e) {
            seat.close();
            throw e;
        }
    }

    private ClusterSeat local(Terminal terminal, int nodes, boolean inside) {
        List<NodeTemplate> members = members(nodes);
        terminal.note("starting " + nodes + (nodes == 1 ? " member" : " members") + " on this machine");
        return inside ? ClusterSeat.hosting(members) : ClusterSeat.local(members);
    }

    /** The settings file of the running cluster, if one was named. */
    Optional<Path> cluster() {
        if (cluster != null && !Files.isRegularFile(cluster)) {
            throw CommandException.usage("settings file " + cluster + ": no such file.");
        }
        return Optional.ofNullable(cluster);
    }

    private long memoryBytes() {
        try {
            return ConfigFactory.parseMap(Map.of("memory", memory)).getBytes("memory");
        } catch (ConfigException e) {
            throw CommandException.usage("--memory '" + memory + "' must be a size such as 512MiB or 2GiB.");
        }
    }
}
