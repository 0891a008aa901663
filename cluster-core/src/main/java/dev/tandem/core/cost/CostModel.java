package dev.tandem.core.cost;

import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.Interval;
import dev.tandem.core.region.Region;
import dev.tandem.core.region.RegionSweep;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Topology;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What the parts of a plan cost on the machines of a topology. Immutable; safe to share between threads.
 *
 * <ul>
 *   <li>compute = {@code secondsPerCall of the runtime + S}, where {@code S} follows from the profile of the core group:
 *       {@code secondsPerCall of the profile + cost of the cuts where the segment begins and ends + sum over layers of
 *       (measured time * share + min(secondsPerNarrowLayer, measured time * (1 - share)))} with {@code share = computed
 *       rows / rows}. A cut costs its crossing bytes times what the profile says of a byte, more where it parts layers
 *       that one kernel computed, but never more than the layers beyond it, so that a longer segment is never cheaper;
 *       tensors that only pass a segment by are counted too. A core group without a profile of its own takes
 *       {@code reference rate / rate} times what the reference takes. Times alone, without {@link SegmentCosts}, make
 *       cuts and narrow shares free.
 *   <li>transfer = {@code link latency + coding of one frame + max(bytes after coding / bandwidth + frames *
 *       secondsPerFrame, carrying and coding at either end)}, since what is carried streams; 0 inside a node; infinite
 *       where there is no link. Methods that are told bytes and no {@link Freight} take them for coded as this model's
 *       codec does it with 32-bit floats; in a quantised model, whose cuts are at integers, only what is not lossy counts.
 *   <li>processors = what computing and carrying take of a machine's CPUs together, see {@link ProcessorCosts}.
 *   <li>memory = {@code weights + 2 * peak of activations + window * (input + output buffers)}, see {@link SegmentMemory}.
 * </ul>
 */
public final class CostModel {

    private record NodePair(String from, String to) {}

    private final ModelGraph graph;
    private final Topology topology;
    private final RuntimeCosts runtime;
    private final double referenceRate;
    private final SegmentSeconds reference;
    private final Map<CoreGroupId, SegmentSeconds> measured = new HashMap<>();
    private final SegmentMemory memory;
    private final Codec codec;
    private final Codec usual;
    private final Optional<EnergyModel> energy;
    private final ProcessorCosts processors;
    private final Map<CoreGroupId, CoreGroup> groups = new HashMap<>();
    private final Map<NodePair, Link> links = new HashMap<>();
    private final Map<String, Double> sendRates = new HashMap<>();
    private final Map<String, Double> receiveRates = new HashMap<>();

    /**
     * @param times measured on the reference core group
     * @param referenceMultiplyAddsPerSecond rate of the reference core group, measured like the topology's rates
     * @throws IllegalArgumentException when the times are those of another model
     */
    public CostModel(
            ModelGraph graph,
            LayerTimes times,
            double referenceMultiplyAddsPerSecond,
            Topology topology,
            RuntimeCosts runtime) {
        this(graph, Profile.of(times), referenceMultiplyAddsPerSecond, Map.of(), topology, runtime);
    }

    /**
     * @param reference measured on the reference core group
     * @param referenceMultiplyAddsPerSecond rate of the reference core group, measured like the topology's rates
     * @param profiles of core groups that have one of their own; their rates do not matter
     * @throws IllegalArgumentException when a profile is of another model
     */
    public CostModel(
            ModelGraph graph,
            Profile reference,
            double referenceMultiplyAddsPerSecond,
            Map<CoreGroupId, Profile> profiles,
            Topology topology,
            RuntimeCosts runtime) {
        this(
                graph,
                new SegmentSeconds(requireTimesOf(graph, reference.times()), reference),
                referenceMultiplyAddsPerSecond,
                topology,
                runtime,
                new SegmentMemory(graph, runtime.window()),
                Codec.EXACT);
        if (!(referenceMultiplyAddsPerSecond > 0)) {
            throw new IllegalArgumentException(
                    "reference rate (" + referenceMultiplyAddsPerSecond + " multiply-adds per second) must be above 0");
        }
        profiles.forEach((group, profile) ->
                measured.put(group, new SegmentSeconds(requireTimesOf(graph, profile.times()), profile)));
    }

    private CostModel(
            ModelGraph graph,
            SegmentSeconds reference,
            double referenceRate,
            Topology topology,
            RuntimeCosts runtime,
            SegmentMemory memory,
            Codec codec) {
        this.graph = graph;
        this.reference = reference;
        this.referenceRate = referenceRate;
        this.topology = topology;
        this.runtime = runtime;
        this.memory = memory;
        this.codec = codec;
        this.usual = graph.isQuantised() ? Codec.of(Codec.Form.EXACT, codec.isPacked()) : codec;
        this.energy = EnergyModel.of(topology);
        this.processors = new ProcessorCosts(topology, runtime);
        topology.coreGroups().forEach(group -> groups.put(group.id(), group));
        for (Link link : topology.links()) {
            links.putIfAbsent(new NodePair(link.from(), link.to()), link);
            sendRates.merge(link.from(), link.bandwidthBytesPerSecond(), Math::max);
            receiveRates.merge(link.to(), link.bandwidthBytesPerSecond(), Math::max);
        }
    }

    /** The same costs on other machines; a core group that has a profile keeps it. */
    public CostModel on(Topology machines) {
        return with(machines, codec);
    }

    /** The same costs where tensors between nodes travel with this codec. */
    public CostModel coded(Codec other) {
        return with(topology, other);
    }

    private CostModel with(Topology machines, Codec other) {
        CostModel changed = new CostModel(graph, reference, referenceRate, machines, runtime, memory, other);
        changed.measured.putAll(measured);
        return changed;
    }

    /** How tensors between nodes are to travel, as far as their types allow it. */
    public Codec codec() {
        return codec;
    }

    /** So many bytes as they usually travel. */
    public Freight freight(long bytes) {
        return Freight.of(usual, bytes);
    }

    public ModelGraph graph() {
        return graph;
    }

    public Topology topology() {
        return topology;
    }

    /** The core group of that name, if it is one of the topology's. */
    public Optional<CoreGroup> coreGroup(CoreGroupId id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** What the runtime itself costs. */
    public RuntimeCosts runtime() {
        return runtime;
    }

    /** What it takes of the processors that core groups and transport share. */
    public ProcessorCosts processors() {
        return processors;
    }

    /** What it takes in energy; absent where the power of a node is not known. */
    public Optional<EnergyModel> energy() {
        return energy;
    }

    /**
     * Seconds of the segment's layers alone: no call and no cut. Shards that divide the segment take as much together, or
     * more. */
    public double layerSeconds(CoreGroup group, Segment segment) {
        return times(group).layerSeconds(segment.from(), segment.to());
    }

    /** Seconds of one inference of the whole segment. */
    public double computeSeconds(CoreGroup group, Segment segment) {
        return times(group).computeSeconds(segment.from(), segment.to());
    }

    /** Seconds of segments on one core group, for those who ask for many. */
    public SegmentTimes times(CoreGroup group) {
        SegmentSeconds own = measured.get(group.id());
        return own == null
                ? new SegmentTimes(reference, slowness(group), runtime.secondsPerCall())
                : new SegmentTimes(own, 1, runtime.secondsPerCall());
    }

    /**
     * What shards take of all segments that end at one place.
     *
     * @param end the layer in front of which the segments end
     * @param owned rows that the shard computes of an output, by its number in the graph's index
     */
    public ShardSweep sweep(CoreGroup group, int end, IntFunction<Interval> owned) {
        return new ShardSweep(graph, times(group), RegionSweep.ofRows(graph, end, owned));
    }

    /** Seconds of one inference of a shard of the segment. */
    public double computeSeconds(CoreGroup group, Segment segment, Shard shard) {
        return computeSeconds(group, segment, shard.outputs());
    }

    /**
     * Seconds of one inference of a part of the segment.
     *
     * @param outputs what is computed of what the segment writes; what is not named is computed whole
     */
    public double computeSeconds(CoreGroup group, Segment segment, Map<String, Region> outputs) {
        return isWhole(outputs)
                ? computeSeconds(group, segment)
                : ShardSweep.over(graph, times(group), segment, outputs).computeSeconds();
    }

    /**
     * Seconds of one inference of each shard of a lane, in the order of stages and shards.
     *
     * @throws IllegalArgumentException when a core group is not one of the topology's
     */
    Map<Endpoint, Double> computeSeconds(Lane lane) {
        Map<Endpoint, Double> seconds = new LinkedHashMap<>();
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            Stage divided = lane.stages().get(stage);
            for (int shard = 0; shard < divided.shards().size(); shard++) {
                Shard part = divided.shards().get(shard);
                seconds.put(new Endpoint(stage, shard), computeSeconds(coreGroup(part), divided.segment(), part));
            }
        }
        return seconds;
    }

    private CoreGroup coreGroup(Shard shard) {
        return coreGroup(shard.place())
                .orElseThrow(() -> new IllegalArgumentException("core group " + shard.place()
                        + " must be one of the topology's: "
                        + topology.coreGroups().stream().map(CoreGroup::id).toList()));
    }

    /** Seconds from the first byte's departure to the last one's arrival; infinite where there is no link. */
    public double transferSeconds(String fromNode, String toNode, long bytes) {
        return transferSeconds(fromNode, toNode, freight(bytes));
    }

    /** Seconds from the first byte's departure to the last one's arrival; infinite where there is no link. */
    public double transferSeconds(String fromNode, String toNode, Freight freight) {
        return fromNode.equals(toNode)
                ? 0
                : latencySeconds(fromNode, toNode, freight)
                        + Math.max(
                                linkSeconds(fromNode, toNode, freight),
                                processors.carryLatency(fromNode, toNode, freight));
    }

    /** Seconds from the departure of something between two different nodes until it begins to arrive. */
    public double latencySeconds(String fromNode, String toNode, Freight freight) {
        return latencySeconds(fromNode, toNode) + processors.codingLatency(fromNode, toNode, freight);
    }

    /** Latency of the link between two different nodes; infinite where there is none. */
    public double latencySeconds(String fromNode, String toNode) {
        Link link = links.get(new NodePair(fromNode, toNode));
        return link == null ? Double.POSITIVE_INFINITY : link.latencySeconds();
    }

    /** Seconds that the bytes keep the link busy: the transfer without its latency. */
    public double linkSeconds(String fromNode, String toNode, long bytes) {
        return linkSeconds(fromNode, toNode, freight(bytes));
    }

    /** Seconds that a transfer keeps the link busy: without its latency. */
    public double linkSeconds(String fromNode, String toNode, Freight freight) {
        if (fromNode.equals(toNode)) {
            return 0;
        }
        Link link = links.get(new NodePair(fromNode, toNode));
        return link == null
                ? Double.POSITIVE_INFINITY
                : freight.wireBytes() / link.bandwidthBytesPerSecond()
                        + runtime.frames(freight.bytes()) * runtime.secondsPerFrame();
    }

    /** Names of the shared media that a transfer keeps busy as long as the link; none inside a node. */
    public List<String> media(String fromNode, String toNode) {
        Link link = links.get(new NodePair(fromNode, toNode));
        return link == null ? List.of() : link.media();
    }

    /** Seconds that sending keeps a node's network card busy, taken to be as fast as the fastest link from it. */
    public double sendSeconds(String node, long bytes) {
        return sendSeconds(node, freight(bytes));
    }

    /** Seconds that sending keeps a node's network card busy, taken to be as fast as the fastest link from it. */
    public double sendSeconds(String node, Freight freight) {
        return freight.wireBytes() / sendRates.getOrDefault(node, Double.POSITIVE_INFINITY);
    }

    /** Seconds that receiving keeps a node's network card busy, taken to be as fast as the fastest link to it. */
    public double receiveSeconds(String node, long bytes) {
        return receiveSeconds(node, freight(bytes));
    }

    /** Seconds that receiving keeps a node's network card busy, taken to be as fast as the fastest link to it. */
    public double receiveSeconds(String node, Freight freight) {
        return freight.wireBytes() / receiveRates.getOrDefault(node, Double.POSITIVE_INFINITY);
    }

    /** Memory of a shard that computes the whole segment. */
    public long memoryBytes(Segment segment) {
        return memory.whole(segment.from())[segment.size() - 1];
    }

    /** Memory of a shard of the segment. */
    public long memoryBytes(Segment segment, Shard shard) {
        return memoryBytes(segment, shard.outputs());
    }

    /**
     * Memory of a part of the segment.
     *
     * @param outputs as {@link #computeSeconds(CoreGroup, Segment, Map)} takes them
     */
    public long memoryBytes(Segment segment, Map<String, Region> outputs) {
        if (isWhole(outputs)) {
            return memoryBytes(segment);
        }
        long[] weights = new long[segment.to()];
        RegionSweep needed = RegionSweep.of(graph, segment.to(), outputs);
        while (needed.begin() > segment.from()) {
            needed.back();
            weights[needed.begin()] = needed.weightBytes();
        }
        return memory.sweep(segment.from(), segment.to(), needed::bytes, layer -> weights[layer])[segment.size() - 1];
    }

    /**
     * Memory of every segment that begins at a layer, in one sweep.
     *
     * @return bytes of {@code [from, to)} by {@code to - from - 1}
     */
    public long[] memoryBytesFrom(int from) {
        return memory.whole(from).clone();
    }

    /** How much longer a core group takes than the reference. */
    private double slowness(CoreGroup group) {
        return referenceRate / group.multiplyAddsPerSecond();
    }

    private static boolean isWhole(Map<String, Region> outputs) {
        return outputs.values().stream().allMatch(Region::isWhole);
    }

    private static ModelGraph requireTimesOf(ModelGraph graph, LayerTimes times) {
        if (!graph.digest().equals(times.modelDigest())
                || graph.layers().size() != times.seconds().size()) {
            throw new IllegalArgumentException("layer times of model " + times.modelDigest() + " ("
                    + times.seconds().size() + " layers) must be those of " + graph.name() + ", " + graph.digest()
                    + " ("
                    + graph.layers().size() + " layers). Maybe profile the model again.");
        }
        return graph;
    }
}
