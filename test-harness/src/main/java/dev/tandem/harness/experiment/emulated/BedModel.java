package dev.tandem.harness.experiment.emulated;

import dev.tandem.actors.node.MemberNode;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.SinglePlanner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Topology;
import dev.tandem.deploy.wiring.ClusterSeat;
import dev.tandem.deploy.wiring.OfferedModel;
import dev.tandem.deploy.wiring.ServedModel;
import dev.tandem.harness.experiment.predicted.Forecast;
import dev.tandem.harness.experiment.predicted.UnsplitModels;
import dev.tandem.harness.testbed.Testbed;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.profile.ProfileEffort;
import dev.tandem.inference.profile.TimedRuns;
import dev.tandem.inference.runtime.CoreGroupSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A model on a test bed: measured on whole CPUs of this machine, which the bed's core groups have parts of, and known to the
 * cluster. To be used in a process in the client's place of the bed, by one thread; owns sessions of the model.
 */
public final class BedModel implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final long SEED = 1;
    private static final double UNSPLIT_SECONDS = 1.5;
    private static final Length SLOWED_RUNS = new Length(4, 1, 30);
    /** Members time what carrying a request takes in such requests; they look each half second. */
    private static final double WARM_UP_SECONDS = 3;

    private static final ProfileEffort EFFORT =
            new ProfileEffort(new TimedRuns(3, 10, 0.1), List.of(2, 4), 2, List.of(2, 4));

    private final Testbed bed;
    private final ClusterSeat seat;
    private final OfferedModel offered;
    private final UnsplitModels unsplit;
    private final Profile profile;
    private final Topology topology;
    private final Slowdown slowdown;

    private BedModel(
            Testbed bed,
            ClusterSeat seat,
            OfferedModel offered,
            UnsplitModels unsplit,
            Profile profile,
            Topology topology,
            Slowdown slowdown) {
        this.bed = bed;
        this.seat = seat;
        this.offered = offered;
        this.unsplit = unsplit;
        this.profile = profile;
        this.topology = topology;
        this.slowdown = slowdown;
    }

    /**
     * Measures the model, and how the members reach each other: it is served once, whole.
     *
     * @param model folded
     */
    public static BedModel measure(Testbed bed, ClusterSeat seat, ModelPackage model)
            throws TimeoutException, InterruptedException {
        TandemSettings settings = SettingsLoader.load().settings();
        List<CoreGroupSpec> cpus = bed.computingCpus().stream()
                .limit(2)
                .map(cpu -> new CoreGroupSpec("unsplit-" + cpu, List.of(cpu), 1, true))
                .toList();
        UnsplitModels unsplit = UnsplitModels.open(model, cpus, group -> MemberNode.sessions(settings, group));
        try {
            Profile profile = unsplit.profile(model, EFFORT);
            double rate = model.graph().multiplyAdds(model.graph().whole()) / profile.wholeSeconds();
            OfferedModel offered = new OfferedModel(model, new ReferenceProfile(profile, rate));
            Topology topology = topology(bed, seat, offered, rate);
            BedModel measured = new BedModel(bed, seat, offered, unsplit, profile, topology, Slowdown.NONE);
            return new BedModel(bed, seat, offered, unsplit, profile, topology, measured.measureSlowdown());
        } catch (RuntimeException | TimeoutException | InterruptedException e) {
            unsplit.close();
            throw e;
        }
    }

    private static Topology topology(Testbed bed, ClusterSeat seat, OfferedModel offered, double rate)
            throws TimeoutException, InterruptedException {
        int nodes = bed.nodes().size();
        seat.session().awaitNodes(nodes, DEADLINE);
        ServedModel served =
                serve(bed, seat, offered, new DeployOrder(Scheme.AUTO, Objective.THROUGHPUT, nodes, nodes));
        new RequestLoad(served, SEED).rate(nodes, new Length(1, WARM_UP_SECONDS, WARM_UP_SECONDS));
        ClusterView view = seat.session().awaitNodes(nodes, DEADLINE);
        return BedTopology.of(bed, view, rate);
    }

    /** As boards' own profiles would, it comes from runs of the whole model on two core groups with unlike quotas. */
    private Slowdown measureSlowdown() throws TimeoutException, InterruptedException {
        Slowdown.Sample rare = slowed(fastest(BedTopology.mostQuota(bed)));
        Slowdown.Sample frequent = slowed(fastest(BedTopology.leastQuota(bed)));
        return Slowdown.of(rare, frequent);
    }

    /** Of the core groups with that quota the one with the largest share. */
    private CoreGroup fastest(long quotaMicros) {
        return topology.coreGroups().stream()
                .filter(group -> BedTopology.quotaMicros(bed, group) == quotaMicros)
                .max(Comparator.comparingDouble(CoreGroup::multiplyAddsPerSecond))
                .orElseThrow();
    }

    private Slowdown.Sample slowed(CoreGroup group) throws TimeoutException, InterruptedException {
        PlanRequest request = request(Objective.LATENCY).on(BedTopology.only(topology, group));
        if (!(new SinglePlanner().plan(request) instanceof PlanResult.Planned planned)) {
            return new Slowdown.Sample(BedTopology.quotaMicros(bed, group), 1);
        }
        int index = topology.coreGroups().indexOf(group);
        double before = speeds().get(index);
        PlanTrial.Outcome outcome = PlanTrial.begin(this, planned.plan()).measure(Objective.LATENCY, SLOWED_RUNS);
        double unslowed = (before + speeds().get(index)) / 2;
        return new Slowdown.Sample(
                BedTopology.quotaMicros(bed, group), outcome.compute().pathSeconds() / unslowed);
    }

    /** What shares cost the model beside the time for which they hold it back. */
    public Slowdown slowdown() {
        return slowdown;
    }

    /** Has the cluster serve the model, at the full speed of this machine until it does. */
    ServedModel serve(DeployOrder order) throws TimeoutException, InterruptedException {
        return serve(bed, seat, offered, order);
    }

    private static ServedModel serve(Testbed bed, ClusterSeat seat, OfferedModel offered, DeployOrder order)
            throws TimeoutException, InterruptedException {
        bed.liftShares();
        try {
            return ServedModel.deploy(seat, offered, order);
        } finally {
            bed.holdToShares();
        }
    }

    /** Where the requests come from. */
    String gateway() {
        return seat.session().name();
    }

    Testbed bed() {
        return bed;
    }

    /** The bed's machines and links. */
    public Topology topology() {
        return topology;
    }

    /** What to plan for, all machines allowed, while they are as fast as they are now. */
    public PlanRequest request(Objective objective) {
        var cost = forecast().cost(speeds());
        return new PlanRequest(
                offered.graph(),
                topology,
                cost,
                objective,
                Scheme.AUTO,
                topology.nodes().size(),
                topology.coreGroups().size(),
                gateway());
    }

    Forecast forecast() {
        var transport = SettingsLoader.load().settings().transport();
        return new Forecast(
                offered.graph(),
                profile,
                topology,
                RuntimeCosts.measured(transport.frameBytes(), transport.window()),
                gateway(),
                SEED);
    }

    /**
     * Seconds of the whole model on each core group now, in the topology's order, from what a whole CPU takes that computes
     * alone: the core groups of a bed have about one CPU together.
     */
    List<Double> speeds() {
        double mean = unsplit.alone(UNSPLIT_SECONDS).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        return topology.coreGroups().stream()
                .map(group -> slowdown.at(BedTopology.quotaMicros(bed, group)) * mean / BedTopology.share(bed, group))
                .toList();
    }

    @Override
    public void close() {
        unsplit.close();
    }
}
