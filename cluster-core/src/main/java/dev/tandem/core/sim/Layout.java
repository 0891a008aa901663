package dev.tandem.core.sim;

import dev.tandem.core.plan.Lane;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A plan as numbers: its ports and hops, and the resources that they use. Immutable.
 *
 * @param gateways by lane the number of the gateway's port
 * @param out by port its hops to others, in the order in which pieces leave
 * @param in by port its hops from others
 * @param media by link the shared media that it is on
 * @param cpus of the machines of all these
 */
record Layout(
        String gatewayNode,
        List<Lane> lanes,
        List<Port> ports,
        List<Hop> hops,
        List<Integer> gateways,
        List<List<Hop>> out,
        List<List<Hop>> in,
        List<CoreGroupId> coreGroups,
        List<NodePair> links,
        List<List<String>> media,
        List<String> nodes,
        Cpus cpus) {

    /** The ends of a link. */
    record NodePair(String from, String to) {
        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    /** Numbers of the lanes that end when the node is lost. */
    IntStream lanesOver(String node) {
        return IntStream.range(0, lanes.size())
                .filter(lane -> node.equals(gatewayNode)
                        || lanes.get(lane).stages().stream()
                                .flatMap(stage -> stage.shards().stream())
                                .anyMatch(shard -> shard.place().node().equals(node)));
    }
}
