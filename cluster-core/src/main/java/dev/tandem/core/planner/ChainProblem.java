package dev.tandem.core.planner;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.ProcessorCosts;
import dev.tandem.core.cost.SegmentTimes;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A request seen as a chain: positions are allowed cuts, nodes are their fastest core groups. What crosses a cut goes
 * from each stage to the next one, the model inputs to the first stage, the model outputs from the last.
 */
final class ChainProblem {

    private final PlanRequest request;
    private final CostModel cost;
    private final List<Node> nodes;
    private final List<CoreGroup> groups;
    private final CutCosts positions;
    /** Of each node's core group. */
    private final List<SegmentTimes> times;
    /** By node whether it is the gateway's, and whether there are links from and to the gateway. */
    private final boolean[] isGateway;

    private final boolean[] isFed;
    private final boolean[] isHeard;
    /** Layers before each position that read a model input, and those that write a model output. */
    private final int[] inputReaders;

    private final int[] outputWriters;

    /** Which nodes of a chain must be linked. */
    enum Links {
        /** Those of neighbouring stages: what a tensor that passes stages by needs is not seen. */
        NEIGHBOURS,
        /** Every node with all later ones, so that any tensor can pass stages by. */
        ALL_LATER
    }

    ChainProblem(PlanRequest request) {
        this(request, request.topology().nodes());
    }

    /** @param candidates of which the fastest are taken; core groups of one node may stand for themselves */
    ChainProblem(PlanRequest request, List<Node> candidates) {
        this(
                request,
                candidates.stream()
                        .sorted(Comparator.comparing(Draft::fastest, Draft.FASTEST))
                        .limit(ChainSearch.MOST_NODES)
                        .sorted(Comparator.comparing(Draft::fastest, Comparator.comparing(CoreGroup::id)))
                        .toList(),
                new CutCosts(request));
    }

    /** @param nodes in this order; core groups of one node may stand for themselves */
    ChainProblem(PlanRequest request, List<Node> nodes, CutCosts positions) {
        this.request = request;
        this.cost = request.cost();
        this.nodes = nodes;
        this.groups = nodes.stream().map(Draft::fastest).toList();
        this.positions = positions;
        this.times = groups.stream().map(cost::times).toList();
        this.isGateway = new boolean[nodes.size()];
        this.isFed = new boolean[nodes.size()];
        this.isHeard = new boolean[nodes.size()];
        for (int node = 0; node < isFed.length; node++) {
            String id = nodes.get(node).id();
            isGateway[node] = id.equals(request.gatewayNode());
            isFed[node] = isLinked(request.gatewayNode(), id);
            isHeard[node] = isLinked(id, request.gatewayNode());
        }
        this.inputReaders = count(layer -> layer.inputs().stream().anyMatch(request.graph()::isModelInput));
        this.outputWriters = count(layer -> layer.outputs().stream().anyMatch(request.graph()::isModelOutput));
    }

    int cuts() {
        return positions.end() - 1;
    }

    List<Node> nodes() {
        return nodes;
    }

    long memoryBytes(int from, int to) {
        return positions.memoryBytes(from, to);
    }

    Segment segment(ChainSearch.Link link) {
        return positions.segment(link.from(), link.to());
    }

    Plan plan(List<ChainSearch.Link> chain) {
        return Draft.plan(request, chain.size() == 1 ? "single" : "pipeline", stages(chain));
    }

    List<Stage> stages(List<ChainSearch.Link> chain) {
        return chain.stream()
                .map(link -> Draft.undivided(
                        request.graph(), segment(link), groups.get(link.node()).id()))
                .toList();
    }

    /** By position the least seconds that the layers from there on take in all, each on the node that suits it best. */
    private double[] restSeconds() {
        double[] rest = new double[positions.end() + 1];
        for (int position = positions.end() - 1; position >= 0; position--) {
            double least = Double.POSITIVE_INFINITY;
            for (SegmentTimes each : times) {
                least = Math.min(least, each.layerSeconds(positions.layer(position), positions.layer(position + 1)));
            }
            rest[position] = rest[position + 1] + least;
        }
        return rest;
    }

    /** Seconds of one request; parts that keep a resource busy for longer than the limit do not fit. */
    ChainCosts latency(double mostBusySeconds, Links links) {
        double[] rest = restSeconds();
        return new Times(links) {
            @Override
            double choose(double seconds, double busySeconds) {
                return busySeconds <= mostBusySeconds ? seconds : Double.POSITIVE_INFINITY;
            }

            @Override
            public boolean adds() {
                return true;
            }

            @Override
            public double rest(int position) {
                return rest[position];
            }
        };
    }

    /** Busy seconds per request of the busiest core group, link or network card. */
    ChainCosts bottleneck(Links links) {
        return new Times(links) {
            @Override
            double choose(double seconds, double busySeconds) {
                return busySeconds;
            }

            @Override
            public boolean adds() {
                return false;
            }

            @Override
            public double rest(int position) {
                return 0;
            }
        };
    }

    /** Bytes that the nodes lack, all together. */
    ChainCosts missingMemory() {
        return new MissingMemory();
    }

    private int[] count(Predicate<Layer> which) {
        int[] counts = new int[positions.end() + 1];
        for (int position = 1; position < counts.length; position++) {
            Segment between = positions.segment(position - 1, position);
            long more = request.graph().layers(between).stream().filter(which).count();
            counts[position] = counts[position - 1] + (int) more;
        }
        return counts;
    }

    private boolean isLinked(String from, String to) {
        return cost.transferSeconds(from, to, 0) < Double.POSITIVE_INFINITY;
    }

    private abstract class Times implements ChainCosts {

        private final Links links;

        Times(Links links) {
            this.links = links;
        }

        /** The one that counts of the time that a request takes and the time that a resource is busy with it. */
        abstract double choose(double seconds, double busySeconds);

        @Override
        public int nodes() {
            return nodes.size();
        }

        @Override
        public int end() {
            return positions.end();
        }

        @Override
        public double entry(int node) {
            return transfer(request.gatewayNode(), nodes.get(node).id(), positions.bytes(0));
        }

        @Override
        public double stage(int node, int from, int to) {
            if (memoryBytes(from, to) > nodes.get(node).memoryBytes() || !reachesGateway(node, from, to)) {
                return Double.POSITIVE_INFINITY;
            }
            double seconds = times.get(node).computeSeconds(positions.layer(from), positions.layer(to));
            double others = Math.max(gatewayCardSeconds(node, from, to), processorSeconds(node, from, to, seconds));
            return choose(seconds, Math.max(seconds, others));
        }

        @Override
        public double hop(int fromNode, int toNode, int position) {
            return transfer(nodes.get(fromNode).id(), nodes.get(toNode).id(), positions.bytes(position));
        }

        @Override
        public boolean mayPrecede(int node, int later) {
            return links == Links.NEIGHBOURS
                    || isLinked(nodes.get(node).id(), nodes.get(later).id());
        }

        @Override
        public double exit(int node) {
            return transfer(nodes.get(node).id(), request.gatewayNode(), positions.bytes(positions.end()));
        }

        private double transfer(String from, String to, long bytes) {
            return choose(cost.transferSeconds(from, to, bytes), cost.linkSeconds(from, to, bytes));
        }

        /** Model inputs and outputs go straight between the gateway and the stages that read and write them. */
        private boolean reachesGateway(int node, int from, int to) {
            return (isFed[node] || inputReaders[to] == inputReaders[from])
                    && (isHeard[node] || outputWriters[to] == outputWriters[from]);
        }

        /** What crosses a stage's ends comes from and goes to other nodes, and beside the gateway all that enters and leaves. */
        private double processorSeconds(int node, int from, int to, double computeSeconds) {
            String id = nodes.get(node).id();
            ProcessorCosts processors = cost.processors();
            double busy = processors.compute(groups.get(node), computeSeconds);
            boolean first = from == 0;
            boolean last = to == end();
            if (!id.equals(request.gatewayNode())) {
                return busy + received(id, from) + sent(id, to);
            }
            busy += processors.request(id);
            busy += first ? 0 : sent(id, 0) + received(id, from);
            return busy + (last ? 0 : sent(id, to) + received(id, end()));
        }

        private double sent(String node, int position) {
            return cost.processors().send(node, cost.freight(positions.bytes(position)));
        }

        private double received(String node, int position) {
            return cost.processors().receive(node, cost.freight(positions.bytes(position)));
        }

        /**
         * A stage beside the gateway shares its network card. Elsewhere a card carries one piece in each direction, and
         * its link is never faster than the card.
         */
        private double gatewayCardSeconds(int node, int from, int to) {
            if (!isGateway[node]) {
                return 0;
            }
            String id = request.gatewayNode();
            boolean first = from == 0;
            boolean last = to == end();
            long sent = (first ? 0 : positions.bytes(0)) + (last ? 0 : positions.bytes(to));
            long received = (last ? 0 : positions.bytes(end())) + (first ? 0 : positions.bytes(from));
            return Math.max(cost.sendSeconds(id, sent), cost.receiveSeconds(id, received));
        }
    }

    private final class MissingMemory implements ChainCosts {

        @Override
        public int nodes() {
            return nodes.size();
        }

        @Override
        public int end() {
            return positions.end();
        }

        @Override
        public double entry(int node) {
            return 0;
        }

        @Override
        public double stage(int node, int from, int to) {
            return Math.max(0, memoryBytes(from, to) - nodes.get(node).memoryBytes());
        }

        @Override
        public double hop(int fromNode, int toNode, int position) {
            return 0;
        }

        @Override
        public boolean mayPrecede(int node, int later) {
            return true;
        }

        @Override
        public double exit(int node) {
            return 0;
        }

        @Override
        public boolean adds() {
            return true;
        }

        @Override
        public double rest(int position) {
            return 0;
        }
    }
}
