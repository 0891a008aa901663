package dev.tandem.harness.bench;

import dev.tandem.actors.protocol.ReferenceProfile;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TransportSettings;
import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.PlanResult.Planned;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.planner.choice.DefaultPlanner;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import dev.tandem.harness.experiment.BuiltInModel;
import dev.tandem.harness.experiment.scale.RandomFleet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A built-in model and machines to plan it for, the same every time. */
final class Cluster {

    private static final long SEED = 1;
    private static final int BOARDS = 8;
    private static final int GROUPS = 3;
    private static final int MOST_SHARDS = 8;
    private static final double BYTES_PER_SECOND = 125e6;
    private static final double LATENCY_SECONDS = 5e-4;
    private static final double CARD_MBIT = 10_000;
    private static final double SLOWED = 0.5;

    private final ModelGraph graph;
    private final Topology topology;
    private final ReferenceProfile profile;
    private final RuntimeCosts runtime;

    private Cluster(String model, Topology topology) throws IOException {
        this.graph = BuiltInModel.named(model).graph();
        this.topology = topology;
        this.profile = ReferenceProfile.ofMultiplyAdds(graph);
        TransportSettings transport = SettingsLoader.load().settings().transport();
        this.runtime = RuntimeCosts.measured(transport.frameBytes(), transport.window());
    }

    /** Eight boards of three core groups, all linked by 1 Gbit/s and 0.5 ms. */
    static Cluster ofBoards(String model) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        return new Cluster(model, RandomFleet.linked(BOARDS, GROUPS, BYTES_PER_SECOND, LATENCY_SECONDS, random));
    }

    /** Boards of one to three core groups, with requests from a machine with a card of 10 Gbit/s. */
    static Cluster ofFleet(String model, int nodes) throws IOException {
        return new Cluster(model, RandomFleet.draw(nodes, CARD_MBIT, new SplittableRandom(SEED)));
    }

    Planned plan(Objective objective) {
        return (Planned) new DefaultPlanner().plan(request(topology, objective));
    }

    /** What to plan for when the first node's first core group has half its rate. */
    PlanRequest slowed(Objective objective) {
        List<Node> nodes = new ArrayList<>(topology.nodes());
        Node first = nodes.get(0);
        List<CoreGroup> groups = new ArrayList<>(first.coreGroups());
        groups.set(0, slowed(groups.get(0)));
        nodes.set(0, new Node(first.id(), first.memoryBytes(), groups));
        return request(new Topology(nodes, topology.links()), objective);
    }

    private static CoreGroup slowed(CoreGroup group) {
        return new CoreGroup(
                group.id(), group.kind(), group.cpus(), group.threads(), group.multiplyAddsPerSecond() * SLOWED);
    }

    private PlanRequest request(Topology machines, Objective objective) {
        CostModel cost = new CostModel(graph, profile.times(), profile.multiplyAddsPerSecond(), machines, runtime);
        int nodes = machines.nodes().size();
        return new PlanRequest(graph, machines, cost, objective, Scheme.AUTO, nodes, MOST_SHARDS, RandomFleet.GATEWAY);
    }
}
