package dev.tandem.core.sim;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.Freight;
import dev.tandem.core.cost.LaneTraffic;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.sim.Layout.NodePair;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.core.topology.Link;
import dev.tandem.core.topology.Processor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers the parts of a plan and asks the cost model what they cost. Used once. */
final class LayoutBuilder {

    private final CostModel cost;
    private final String gatewayNode;
    private final Map<NodePair, Link> topologyLinks = new HashMap<>();
    private final Map<CoreGroupId, CoreGroup> topologyGroups = new HashMap<>();
    private final Map<String, Processor> processors = new LinkedHashMap<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<Hop> hops = new ArrayList<>();
    private final List<Integer> gateways = new ArrayList<>();
    private final List<List<Hop>> out = new ArrayList<>();
    private final List<List<Hop>> in = new ArrayList<>();
    private final Map<CoreGroupId, Integer> coreGroups = new LinkedHashMap<>();
    private final Map<NodePair, Integer> links = new LinkedHashMap<>();
    private final Map<String, Integer> nodes = new LinkedHashMap<>();

    private LayoutBuilder(CostModel cost, String gatewayNode) {
        this.cost = cost;
        this.gatewayNode = gatewayNode;
        cost.topology().links().forEach(link -> topologyLinks.putIfAbsent(new NodePair(link.from(), link.to()), link));
        cost.topology().nodes().forEach(node -> processors.put(node.id(), node.processor()));
        cost.topology().coreGroups().forEach(group -> topologyGroups.put(group.id(), group));
    }

    static Layout layout(CostModel cost, String gatewayNode, List<Lane> lanes) {
        LayoutBuilder builder = new LayoutBuilder(cost, gatewayNode);
        lanes.forEach(builder::addLane);
        return new Layout(
                gatewayNode,
                List.copyOf(lanes),
                List.copyOf(builder.ports),
                List.copyOf(builder.hops),
                List.copyOf(builder.gateways),
                builder.out.stream().map(List::copyOf).toList(),
                builder.in.stream().map(List::copyOf).toList(),
                List.copyOf(builder.coreGroups.keySet()),
                List.copyOf(builder.links.keySet()),
                builder.links.keySet().stream().map(builder::media).toList(),
                List.copyOf(builder.nodes.keySet()),
                builder.cpus());
    }

    private void addLane(Lane lane) {
        int number = gateways.size();
        Map<Endpoint, Port> portsOfLane = new LinkedHashMap<>();
        gateways.add(ports.size());
        nodes.putIfAbsent(gatewayNode, nodes.size());
        portsOfLane.put(Endpoint.GATEWAY, addPort(number, Endpoint.GATEWAY, Port.NO_CORE_GROUP, 0, 0));
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            Stage divided = lane.stages().get(stage);
            for (int shard = 0; shard < divided.shards().size(); shard++) {
                Endpoint endpoint = new Endpoint(stage, shard);
                portsOfLane.put(endpoint, addShard(number, endpoint, divided));
            }
        }
        LaneTraffic.of(cost.graph(), lane).freight().forEach((path, freight) -> {
            Port producer = known(portsOfLane, path.producer(), number);
            Port consumer = known(portsOfLane, path.consumer(), number);
            String from = LaneTraffic.node(lane, path.producer(), gatewayNode);
            String to = LaneTraffic.node(lane, path.consumer(), gatewayNode);
            addHop(producer, consumer, new NodePair(from, to), freight);
        });
        portsOfLane.values().forEach(this::requirePieces);
    }

    private Port addShard(int lane, Endpoint endpoint, Stage stage) {
        Shard shard = stage.shards().get(endpoint.shard());
        CoreGroup group = topologyGroups.get(shard.place());
        if (group == null) {
            throw new IllegalArgumentException("core group " + shard.place() + " of lane " + lane + ", shard "
                    + endpoint + " must be one of the topology's: " + topologyGroups.keySet());
        }
        double seconds = cost.computeSeconds(group, stage.segment(), shard);
        double fixed = cost.runtime().secondsPerCall();
        nodes.putIfAbsent(shard.place().node(), nodes.size());
        coreGroups.putIfAbsent(shard.place(), coreGroups.size());
        return addPort(lane, endpoint, number(coreGroups, shard.place()), fixed, seconds - fixed);
    }

    private Port addPort(int lane, Endpoint endpoint, int coreGroup, double fixedSeconds, double scaledSeconds) {
        Port port = new Port(ports.size(), lane, endpoint, coreGroup, fixedSeconds, scaledSeconds);
        ports.add(port);
        out.add(new ArrayList<>());
        in.add(new ArrayList<>());
        return port;
    }

    private void addHop(Port producer, Port consumer, NodePair ends, Freight freight) {
        int edge = out.get(producer.index()).size();
        Hop hop = ends.from().equals(ends.to())
                ? new Hop(hops.size(), producer.index(), consumer.index(), edge, Hop.NO_LINK, 0, 0, 0, 0, 0, 0, 0, 0)
                : remote(producer, consumer, edge, ends, freight);
        hops.add(hop);
        out.get(producer.index()).add(hop);
        in.get(consumer.index()).add(hop);
    }

    private Hop remote(Port producer, Port consumer, int edge, NodePair ends, Freight freight) {
        Link link = topologyLinks.get(ends);
        if (link == null) {
            throw new IllegalArgumentException("there is no link " + ends + ", over which lane " + producer.lane()
                    + " sends from " + producer.endpoint() + " to " + consumer.endpoint());
        }
        Link back = topologyLinks.getOrDefault(new NodePair(ends.to(), ends.from()), link);
        links.putIfAbsent(ends, links.size());
        double scaled = freight.wireBytes() / link.bandwidthBytesPerSecond();
        return new Hop(
                hops.size(),
                producer.index(),
                consumer.index(),
                edge,
                number(links, ends),
                cost.runtime().frames(freight.bytes()) * cost.runtime().secondsPerFrame(),
                scaled,
                cost.sendSeconds(ends.from(), freight),
                cost.receiveSeconds(ends.to(), freight),
                cost.latencySeconds(ends.from(), ends.to(), freight),
                back.latencySeconds(),
                cost.processors().sendCpuSeconds(ends.from(), freight),
                cost.processors().receiveCpuSeconds(ends.to(), freight));
    }

    private Cpus cpus() {
        List<String> machines =
                processors.values().stream().map(Processor::machine).distinct().toList();
        Map<String, Integer> numbers = new HashMap<>();
        machines.forEach(machine -> numbers.put(machine, numbers.size()));
        Map<String, Integer> counts = new HashMap<>();
        processors.values().forEach(processor -> counts.merge(processor.machine(), processor.cpus(), Math::max));
        Processor gateway = processors.get(gatewayNode);
        return new Cpus(
                machines.stream()
                        .map(machine -> counts.getOrDefault(machine, 1))
                        .toList(),
                coreGroups.keySet().stream()
                        .map(group -> machine(numbers, group.node()))
                        .toList(),
                coreGroups.keySet().stream()
                        .map(group -> cost.coreGroup(group).orElseThrow().cpuThreads())
                        .toList(),
                links.keySet().stream()
                        .map(ends -> machine(numbers, ends.from()))
                        .toList(),
                links.keySet().stream().map(ends -> machine(numbers, ends.to())).toList(),
                machine(numbers, gatewayNode),
                gateway == null ? 0 : gateway.carrying().secondsPerRequest());
    }

    private int machine(Map<String, Integer> numbers, String node) {
        Processor processor = processors.get(node);
        return processor == null ? Cpus.NONE : numbers.getOrDefault(processor.machine(), Cpus.NONE);
    }

    private List<String> media(NodePair ends) {
        Link link = topologyLinks.get(ends);
        return link == null ? List.of() : link.media();
    }

    private void requirePieces(Port port) {
        if (in.get(port.index()).isEmpty()) {
            throw new IllegalArgumentException("lane " + port.lane() + " brings nothing to " + port.endpoint()
                    + ", which would never be ready." + " Maybe look at what PlanCheck says of the plan.");
        }
    }

    private static Port known(Map<Endpoint, Port> ports, Endpoint endpoint, int lane) {
        Port port = ports.get(endpoint);
        if (port == null) {
            throw new IllegalArgumentException(
                    "edge of lane " + lane + " has the end " + endpoint + ", which must be one of " + ports.keySet());
        }
        return port;
    }

    private static <K> int number(Map<K, Integer> numbers, K key) {
        @Nullable Integer number = numbers.get(key);
        if (number == null) {
            throw new IllegalStateException(key + " must have been numbered");
        }
        return number;
    }
}
