package dev.tandem.harness.experiment;

import dev.tandem.actors.client.ClusterVisit;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ReloadReport;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.CpuShares;
import dev.tandem.deploy.wiring.LocalCluster;
import dev.tandem.deploy.wiring.NodeTemplate;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.RunningCluster;
import dev.tandem.deploy.wiring.ScratchDirectory;
import dev.tandem.deploy.wiring.ServedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reloads under load, half of them invalid: three member processes serve a model that is asked without a pause, while the
 * settings file of the node that has the supervisor is replaced again and again. A valid file moves the model to another
 * node; it has taken effect when the gateway deals to the new epoch. An invalid one is refused for a reason of its kind.
 */
final class Reloads implements Experiment {

    private static final int PER_ROUND = 20;
    private static final int NODES = 3;
    private static final int IN_FLIGHT = 4;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(2);
    private static final double ALLOWED_SECONDS = 1;

    /** Settings that must be refused, and what the reason says. */
    private static final List<Invalid> INVALID = List.of(
            new Invalid("tandem.planner { nodes = [node-1]", "Maybe a closing"),
            new Invalid("tandem { planner.nodes = [node-1], gateway.queue-capacity = many }", "tandem.gateway"),
            new Invalid("tandem.planner.nodes = [node-9]", "none of the nodes"),
            new Invalid("tandem.planner.max-latency = 1us", "one request would take"),
            new Invalid("tandem { planner.max-nodes = 0, planner.objectiv = latency }", "tandem.planner.max-nodes"));

    private record Invalid(String settings, String reason) {}

    /**
     * What came of it.
     *
     * @param reloads valid and invalid ones in turn
     * @param effectSeconds of every valid one, from the replaced file to the first request dealt by the new plan
     * @param withinSeconds what they must not exceed
     * @param changedByInvalid invalid ones after which the gateway dealt by another plan
     */
    record Result(
            String model,
            int reloads,
            List<Double> effectSeconds,
            double medianSeconds,
            double longestSeconds,
            double withinSeconds,
            int notRefused,
            int changedByInvalid,
            SteadyLoad.Figures load,
            boolean pass) {}

    private final int perRound;

    Reloads() {
        this(PER_ROUND);
    }

    /** @param perRound reloads per round, an even number */
    Reloads(int perRound) {
        this.perRound = perRound;
    }

    @Override
    public String name() {
        return "reload";
    }

    @Override
    public String purpose() {
        return "20 reloads per round under load, half of them invalid";
    }

    @Override
    public Object run(Settings settings, Terminal terminal) throws Exception {
        String model =
                settings.models().isEmpty() ? "tandem-mini" : settings.models().get(0);
        BuiltInModel architecture = BuiltInModel.named(model);
        try (ScratchDirectory scratch = ScratchDirectory.create();
                LocalCluster cluster =
                        LocalCluster.start(NodeTemplate.equal(NODES, 1, MEMORY_BYTES, CpuShares.available()))) {
            OfferedModel offered = OfferedModel.measure(architecture.fold(scratch.path()));
            Path join = Files.writeString(
                    scratch.path().resolve("join.conf"), "tandem.network.seeds = [\"" + cluster.seed() + "\"]");
            try (ClusterSeat seat = ClusterSeat.remote(join);
                    ClusterVisit visit = ClusterVisit.begin(RunningCluster.settings(Optional.of(join)))) {
                seat.session().awaitNodes(NODES, DEADLINE);
                ServedModel served =
                        ServedModel.deploy(seat, offered, new DeployOrder(Optional.empty(), Optional.empty(), 0, 0));
                return new Run(cluster.directory(), visit, served)
                        .result(model, settings.rounds() * perRound, terminal);
            }
        }
    }

    /** A running cluster whose first node, which has the supervisor, gets other settings. */
    private static final class Run {
        private final Path own;
        private final Path original;
        private final ClusterVisit visit;
        private final ServedModel served;
        private final List<Double> effectSeconds = new ArrayList<>();
        private int notRefused;
        private int changedByInvalid;

        Run(Path folder, ClusterVisit visit, ServedModel served) throws Exception {
            this.own = folder.resolve("node-1.conf");
            this.original = Files.copy(own, folder.resolve("node-1.original.conf"));
            this.visit = visit;
            this.served = served;
        }

        Result result(String model, int reloads, Terminal terminal) throws Exception {
            replace("tandem.planner.nodes = [node-" + NODES + "]");
            visit.reload(DEADLINE);
            SteadyLoad load = SteadyLoad.start(served, IN_FLIGHT);
            for (int reload = 0; reload < reloads; reload += 2) {
                valid("node-" + (1 + reload / 2 % NODES));
                invalid(INVALID.get(reload / 2 % INVALID.size()));
                if ((reload + 2) % PER_ROUND == 0) {
                    terminal.note((reload + 2) + " reloads; the last valid one took effect after "
                            + effectSeconds.get(effectSeconds.size() - 1) + " s");
                }
            }
            SteadyLoad.Figures figures = load.end();
            double longest =
                    effectSeconds.stream().mapToDouble(seconds -> seconds).max().orElse(0);
            boolean pass = longest <= ALLOWED_SECONDS
                    && notRefused == 0
                    && changedByInvalid == 0
                    && figures.failures().isEmpty();
            return new Result(
                    model,
                    reloads,
                    List.copyOf(effectSeconds),
                    Medians.of(effectSeconds, seconds -> seconds),
                    longest,
                    ALLOWED_SECONDS,
                    notRefused,
                    changedByInvalid,
                    figures,
                    pass);
        }

        /** Counts from when the file is there to when requests are dealt by another plan, which is then checked. */
        private void valid(String node) throws Exception {
            long before = stats().epoch();
            long start = System.nanoTime();
            replace("tandem.planner.nodes = [" + node + "]");
            Stats now = stats();
            while (now.epoch() == before && System.nanoTime() - start < DEADLINE.toNanos()) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
                now = stats();
            }
            effectSeconds.add(Math.round((System.nanoTime() - start) / 1e6) / 1e3);
            requirePlace(node);
        }

        /** The gateway is the first to know the new epoch; a reload that finds nothing to do says that all others do. */
        private void requirePlace(String node) throws Exception {
            ReloadReport next = visit.reload(DEADLINE);
            boolean isThere = visit.status(DEADLINE).epochs().stream()
                    .filter(epoch -> epoch.isServing())
                    .flatMap(epoch -> epoch.shards().stream())
                    .allMatch(shard -> shard.node().equals(node));
            if (!isThere || next.isRefused() || !next.epochs().isEmpty()) {
                throw new IllegalStateException("the model must be on " + node + " alone after " + effectSeconds.size()
                        + " valid reloads, and nothing left to do: " + next);
            }
        }

        private void invalid(Invalid invalid) throws Exception {
            long before = stats().epoch();
            replace(invalid.settings());
            ReloadReport report = visit.reload(DEADLINE);
            boolean isRefused = report.reasons().stream().anyMatch(reason -> reason.contains(invalid.reason()));
            notRefused += isRefused ? 0 : 1;
            changedByInvalid += stats().epoch() == before ? 0 : 1;
        }

        /** As editors do: the file is replaced by another. */
        private void replace(String settings) throws Exception {
            Path next = own.resolveSibling("node-1.conf.new");
            Files.writeString(next, "include \"" + original.getFileName() + "\"\n" + settings + "\n");
            Files.move(next, own, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        private Stats stats() throws Exception {
            return served.stats().toCompletableFuture().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
