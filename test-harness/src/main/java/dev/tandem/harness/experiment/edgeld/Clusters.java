package dev.tandem.harness.experiment.edgeld;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import dev.tandem.core.planner.Scheme;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** The papers' clusters as what Tandem's planners are asked about. */
final class Clusters {

    private static final String LEADER = "leader";
    private static final double LEADER_RATE = 1e9;
    private static final long PLENTY_BYTES = 1L << 40;

    /** Further links of the leader, so that its network card, as fast as its fastest link, is no limit. */
    private static final String OUTSIDE = "outside";

    private static final double NO_LIMIT = 1e18;

    private Clusters() {}

    /** Followers have links to the leader only, and each its own: the papers' model. */
    static PlanRequest star(ModelGraph graph, List<Follower> followers) {
        List<Link> links = new ArrayList<>(
                List.of(new Link(LEADER, OUTSIDE, NO_LIMIT, 0), new Link(OUTSIDE, LEADER, NO_LIMIT, 0)));
        for (int index = 0; index < followers.size(); index++) {
            double bandwidth = followers.get(index).bytesPerSecond();
            links.add(new Link(LEADER, name(index), bandwidth, 0));
            links.add(new Link(name(index), LEADER, bandwidth, 0));
        }
        return request(graph, new Topology(nodes(followers), links));
    }

    /** All reach each other, a pair at the speed of its slower link, and a card carries one piece each way at a time. */
    static PlanRequest switched(ModelGraph graph, List<Follower> followers) {
        double fastest =
                followers.stream().mapToDouble(Follower::bytesPerSecond).max().orElseThrow();
        List<Node> nodes = nodes(followers);
        List<Link> links = new ArrayList<>();
        for (int from = 0; from < nodes.size(); from++) {
            for (int to = 0; to < nodes.size(); to++) {
                if (from != to) {
                    double bandwidth = Math.min(speed(followers, from, fastest), speed(followers, to, fastest));
                    links.add(new Link(nodes.get(from).id(), nodes.get(to).id(), bandwidth, 0));
                }
            }
        }
        return request(graph, new Topology(nodes, links));
    }

    private static double speed(List<Follower> followers, int node, double leaders) {
        return node == 0 ? leaders : followers.get(node - 1).bytesPerSecond();
    }

    private static PlanRequest request(ModelGraph graph, Topology topology) {
        List<Double> seconds = graph.layers().stream()
                .map(layer -> LinearTime.seconds(graph, layer))
                .toList();
        CostModel cost = new CostModel(
                graph,
                new LayerTimes(graph.digest(), seconds),
                LEADER_RATE,
                topology,
                new RuntimeCosts(LinearTime.SECONDS_PER_CALL, 0, 1 << 20, 1));
        int nodes = topology.nodes().size();
        return new PlanRequest(graph, topology, cost, Objective.LATENCY, Scheme.AUTO, nodes, nodes, LEADER);
    }

    private static List<Node> nodes(List<Follower> followers) {
        List<Node> nodes = new ArrayList<>(List.of(node(LEADER, LEADER_RATE)));
        for (int index = 0; index < followers.size(); index++) {
            nodes.add(node(name(index), LEADER_RATE * followers.get(index).rate()));
        }
        return nodes;
    }

    private static Node node(String name, double rate) {
        CoreGroup group = new CoreGroup(new CoreGroupId(name, "cpu"), CoreGroup.Kind.CPU, List.of(), 1, rate);
        return new Node(name, PLENTY_BYTES, List.of(group));
    }

    private static String name(int follower) {
        return "follower-" + (follower + 1);
    }
}
