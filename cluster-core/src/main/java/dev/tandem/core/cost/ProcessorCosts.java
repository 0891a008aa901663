package dev.tandem.core.cost;

import dev.tandem.core.topology.Carrying;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.Node;
import dev.tandem.core.topology.Processor;
import dev.tandem.core.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long requests keep the processors of machines busy, core groups and transport together. A machine gives its CPUs to
 * whoever wants them and has none idle while there is work:
 *
 * <pre>
 * busy seconds = (sum over calls of compute seconds * threads + sum over ends of transfers of carrying and coding + requests) / CPUs
 * </pre>
 *
 * <p>So carrying costs nothing where CPUs that no core group uses are enough for it, and competes with the core groups where
 * they cover all CPUs. Of one request alone, carrying overlaps with the link, which waits for the slower of its ends; what
 * the gateway does before the request leaves is added. Immutable; safe to share between threads.
 */
public final class ProcessorCosts {

    /** Number of no machine. */
    public static final int NONE = -1;

    private final RuntimeCosts runtime;
    private final List<String> machines;
    private final Map<String, Processor> processors = new HashMap<>();

    ProcessorCosts(Topology topology, RuntimeCosts runtime) {
        this.runtime = runtime;
        topology.nodes().forEach(node -> processors.put(node.id(), node.processor()));
        this.machines = contended(topology);
    }

    /** Machines with more to do than the computing of one node, by name; the processors of others are never the busiest. */
    public List<String> machines() {
        return machines;
    }

    /** The place of a node's machine among {@link #machines}, or {@link #NONE}. */
    public int machine(String node) {
        Processor processor = processors.get(node);
        return processor == null ? NONE : machines.indexOf(processor.machine());
    }

    /** Busy seconds of the machine while a core group computes for so long. */
    public double compute(CoreGroup group, double seconds) {
        Processor processor = processors.get(group.id().node());
        return processor == null ? 0 : seconds * group.cpuThreads() / processor.cpus();
    }

    /** Busy seconds of the machine of a node that sends to another one. */
    public double send(String node, Freight freight) {
        return sendCpuSeconds(node, freight) / cpus(node);
    }

    /** Busy seconds of the machine of a node that receives from another one. */
    public double receive(String node, Freight freight) {
        return receiveCpuSeconds(node, freight) / cpus(node);
    }

    /** Seconds of one CPU to encode and send; 0 outside the topology. */
    public double sendCpuSeconds(String node, Freight freight) {
        return cpuSeconds(node, freight, freight.encodeSeconds());
    }

    /** Seconds of one CPU to receive and decode; 0 outside the topology. */
    public double receiveCpuSeconds(String node, Freight freight) {
        return cpuSeconds(node, freight, freight.decodeSeconds());
    }

    /** Seconds that the slower end of a transfer takes to carry it on one CPU. */
    double carryLatency(String fromNode, String toNode, Freight freight) {
        return Math.max(sendCpuSeconds(fromNode, freight), receiveCpuSeconds(toNode, freight));
    }

    /**
     * Seconds in which the first frame is encoded and the last one decoded, while nothing else of the transfer goes on: frames
     * between them are coded while others travel.
     */
    double codingLatency(String fromNode, String toNode, Freight freight) {
        double seconds = slowness(fromNode) * freight.encodeSeconds() + slowness(toNode) * freight.decodeSeconds();
        return seconds == 0 ? 0 : seconds / Math.max(1, runtime.frames(freight.bytes()));
    }

    private double cpuSeconds(String node, Freight freight, double codingSeconds) {
        Processor processor = processors.get(node);
        return processor == null
                ? 0
                : processor.carrying().seconds(runtime.frames(freight.bytes()), freight.wireBytes())
                        + slowness(node) * codingSeconds;
    }

    private double slowness(String node) {
        Processor processor = processors.get(node);
        return processor == null ? 0 : CodecCosts.slowness(processor.carrying());
    }

    private int cpus(String node) {
        Processor processor = processors.get(node);
        return processor == null ? 1 : processor.cpus();
    }

    /** Busy seconds of the gateway's machine for a request. */
    public double request(String gatewayNode) {
        Processor processor = processors.get(gatewayNode);
        return processor == null ? 0 : processor.carrying().secondsPerRequest() / processor.cpus();
    }

    /** Seconds that the gateway takes before a request leaves it. */
    public double requestLatency(String gatewayNode) {
        Processor processor = processors.get(gatewayNode);
        return processor == null ? 0 : processor.carrying().secondsPerRequest();
    }

    private static List<String> contended(Topology topology) {
        Set<String> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (Node node : topology.nodes()) {
            String machine = node.processor().machine();
            boolean isShared = !seen.add(machine);
            if (!names.contains(machine)
                    && (isShared || !node.processor().carrying().equals(Carrying.NONE))) {
                names.add(machine);
            }
        }
        return List.copyOf(names);
    }
}
