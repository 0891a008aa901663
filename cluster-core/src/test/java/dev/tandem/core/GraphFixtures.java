package dev.tandem.core;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Dense;
import dev.tandem.core.graph.AxisGeometry.Pointwise;
import dev.tandem.core.graph.AxisGeometry.Whole;
import dev.tandem.core.graph.AxisGeometry.Window;
import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.NodePower;
import dev.tandem.core.topology.Power;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Models and machines for tests: small, seeded, with the structure of real ones. */
public final class GraphFixtures {

    /** Rate of the core group that the times of fixtures were measured on. */
    public static final double REFERENCE_RATE = 1e9;

    private final Random random;
    private final int height;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, TensorSpec> tensors = new LinkedHashMap<>();

    private GraphFixtures(Random random, int height) {
        this.random = random;
        this.height = height;
        tensors.put("in", map("in", 3, height));
    }

    /** Convolutions, some with stride 2, one after the other. */
    public static ModelGraph chain(Random random, int layers, int height) {
        GraphFixtures fixture = new GraphFixtures(random, height);
        while (fixture.layers.size() < layers) {
            fixture.window(fixture.newest());
        }
        return fixture.build();
    }

    /** Convolutions with residual joins and branches. */
    public static ModelGraph branchy(Random random, int layers, int height) {
        GraphFixtures fixture = new GraphFixtures(random, height);
        while (fixture.layers.size() < layers) {
            fixture.grow();
        }
        return fixture.build();
    }

    /** Convolutions, a global pooling and a dense layer: a head that cannot be divided along rows. */
    public static ModelGraph classifier(Random random, int convolutions, int height) {
        GraphFixtures fixture = new GraphFixtures(random, height);
        while (fixture.layers.size() < convolutions) {
            fixture.grow();
        }
        TensorSpec last = fixture.newest();
        TensorSpec pooled =
                fixture.write("GlobalAveragePool", List.of(last), last.shape().get(1), 1, new Whole("reads all rows"));
        TensorSpec classes = new TensorSpec("classes", ElementType.FLOAT, List.of(1, 10));
        fixture.add("Gemm", List.of(pooled), classes, new Whole("has no rows"));
        return fixture.build();
    }

    /**
     * Squeeze-excite: between convolutions, channels are weighted by means over all rows ("means"), which are put together
     * from means of each row ("row_means").
     */
    public static ModelGraph squeezed(Random random, int blocks, int height) {
        GraphFixtures fixture = new GraphFixtures(random, height);
        for (int block = 0; block < blocks; block++) {
            TensorSpec map = fixture.same(fixture.newest());
            int channels = map.shape().get(1);
            TensorSpec rows = column("row_means" + block, channels, height);
            fixture.add("ReduceMean", List.of(map), rows, new Pointwise());
            TensorSpec means = column("means" + block, channels, 1);
            fixture.add("ReduceMean", List.of(rows), means, new Dense());
            TensorSpec weights = column("weights" + block, channels, 1);
            fixture.add("Conv", List.of(means), weights, new Window(1, 1, 1, 0, 0));
            fixture.write("Mul", List.of(map, weights), channels, height, new Pointwise());
        }
        fixture.same(fixture.newest());
        return fixture.build();
    }

    private static TensorSpec column(String name, int channels, int rows) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, channels, rows, 1));
    }

    /** Random times of the layers, up to 10 ms. */
    public static LayerTimes times(Random random, ModelGraph graph) {
        List<Double> seconds =
                graph.layers().stream().map(layer -> random.nextDouble() * 0.01).toList();
        return new LayerTimes(graph.digest(), seconds);
    }

    public static Node node(String id, long memoryBytes, double rate) {
        return new Node(id, memoryBytes, List.of(group(id, "cpu", rate)));
    }

    public static CoreGroup group(String node, String name, double rate) {
        return new CoreGroup(new CoreGroupId(node, name), CoreGroup.Kind.CPU, List.of(), 1, rate);
    }

    /** The same machines with power: of each node, and of all core groups alike. */
    public static Topology powered(Topology topology, NodePower node, Power group) {
        return new Topology(
                topology.nodes().stream()
                        .map(each -> new Node(
                                each.id(), each.memoryBytes(), groups(each, () -> group), node, each.processor()))
                        .toList(),
                topology.links());
    }

    /** The same machines with random power: up to 2 W idle and 10 W busy of a core group, 1 W of anything else. */
    public static Topology powered(Topology topology, Random random) {
        return new Topology(
                topology.nodes().stream()
                        .map(each -> new Node(
                                each.id(),
                                each.memoryBytes(),
                                groups(each, () -> new Power(random.nextDouble() * 2, 2 + random.nextDouble() * 8)),
                                new NodePower(random.nextDouble(), random.nextDouble(), random.nextDouble()),
                                each.processor()))
                        .toList(),
                topology.links());
    }

    /** The same nodes on machines of so many CPUs each, where carrying takes what it is given; the first two share one. */
    public static Topology carrying(Topology topology, int cpus, Carrying carrying, boolean shared) {
        List<String> names = topology.nodes().stream().map(Node::id).toList();
        return new Topology(
                topology.nodes().stream()
                        .map(node -> node.on(new Processor(
                                shared && names.indexOf(node.id()) < 2 ? "shared" : node.id(), cpus, carrying)))
                        .toList(),
                topology.links());
    }

    /** The same machines with such a part of the memory that is predicted of a plan's shards on each. */
    public static Topology withMemoryOf(Topology topology, Plan plan, double part) {
        Map<String, Long> needed = plan.predicted().shards().stream()
                .collect(Collectors.groupingBy(
                        score -> plan.lanes()
                                .get(score.lane())
                                .shard(score.shard())
                                .place()
                                .node(),
                        Collectors.summingLong(PlanScore.ShardScore::memoryBytes)));
        return new Topology(
                topology.nodes().stream()
                        .map(node -> new Node(
                                node.id(), (long) (part * needed.getOrDefault(node.id(), 0L)), node.coreGroups()))
                        .toList(),
                topology.links());
    }

    private static List<CoreGroup> groups(Node node, Supplier<Power> power) {
        return node.coreGroups().stream()
                .map(group -> new CoreGroup(
                        group.id(),
                        group.kind(),
                        group.cpus(),
                        group.threads(),
                        group.multiplyAddsPerSecond(),
                        Optional.of(power.get())))
                .toList();
    }

    /** Links of one kind between all nodes and the gateway. */
    public static Topology topology(List<Node> nodes, double bandwidthBytesPerSecond, double latencySeconds) {
        List<String> ends = Stream.concat(nodes.stream().map(Node::id), Stream.of("gateway"))
                .distinct()
                .toList();
        List<Link> links = new ArrayList<>();
        for (String from : ends) {
            ends.stream()
                    .filter(to -> !to.equals(from))
                    .forEach(to -> links.add(new Link(from, to, bandwidthBytesPerSecond, latencySeconds)));
        }
        return new Topology(nodes, links);
    }

    /** Unequal nodes and links, one link in ten missing. */
    public static Topology randomTopology(Random random, int size, long mostMemoryBytes) {
        List<Node> nodes = new ArrayList<>();
        for (int node = 0; node < size; node++) {
            long memory = (long) (mostMemoryBytes * (0.2 + 0.8 * random.nextDouble()));
            String id = "node-" + node;
            nodes.add(new Node(
                    id,
                    memory,
                    List.of(
                            group(id, "big", REFERENCE_RATE * (0.25 + random.nextDouble() * 2)),
                            group(id, "small", REFERENCE_RATE * 0.2))));
        }
        List<Link> links = topology(nodes, 1, 0).links().stream()
                .filter(link -> random.nextInt(10) > 0)
                .map(link ->
                        new Link(link.from(), link.to(), 1e5 + random.nextDouble() * 5e6, random.nextDouble() * 0.002))
                .toList();
        return new Topology(nodes, links);
    }

    public static CostModel cost(Random random, ModelGraph graph, Topology topology) {
        RuntimeCosts runtime = new RuntimeCosts(0.0002, 0.00001, 4096, 2);
        return new CostModel(graph, times(random, graph), REFERENCE_RATE, topology, runtime);
    }

    private void grow() {
        TensorSpec from = newest();
        switch (random.nextInt(3)) {
            case 0 -> window(from);
            case 1 -> join(from, same(from));
            default -> join(same(from), same(from));
        }
    }

    private void join(TensorSpec left, TensorSpec right) {
        write("Add", List.of(left, right), left.shape().get(1), left.rows(), new Pointwise());
    }

    private TensorSpec same(TensorSpec from) {
        return write("Conv", List.of(from), from.shape().get(1), from.rows(), new Window(3, 1, 1, 1, 1));
    }

    private TensorSpec window(TensorSpec from) {
        int channels = 1 + random.nextInt(8);
        boolean halve = from.rows() >= 8 && random.nextInt(3) == 0;
        return halve
                ? write("Conv", List.of(from), channels, (from.rows() + 1) / 2, new Window(3, 2, 1, 1, 1))
                : write("Conv", List.of(from), channels, from.rows(), new Window(3, 1, 1, 1, 1));
    }

    private TensorSpec write(String operator, List<TensorSpec> inputs, int channels, int rows, AxisGeometry geometry) {
        return add(operator, inputs, map("t" + layers.size(), channels, rows), geometry);
    }

    private TensorSpec add(String operator, List<TensorSpec> inputs, TensorSpec output, AxisGeometry geometry) {
        int index = layers.size();
        tensors.put(output.name(), output);
        layers.add(new Layer(
                index,
                operator + index,
                operator,
                inputs.stream().map(TensorSpec::name).distinct().toList(),
                List.of(output.name()),
                1000L * output.elements(),
                random.nextInt(20_000),
                geometry));
        return output;
    }

    private TensorSpec newest() {
        return List.copyOf(tensors.values()).get(tensors.size() - 1);
    }

    private TensorSpec map(String name, int channels, int rows) {
        return new TensorSpec(name, ElementType.FLOAT, List.of(1, channels, rows, height));
    }

    private ModelGraph build() {
        TensorSpec input = List.copyOf(tensors.values()).get(0);
        String digest = "digest-" + layers.size() + "-" + random.nextInt();
        return new ModelGraph("fixture", digest, List.of(input), List.of(newest()), layers, tensors);
    }
}
