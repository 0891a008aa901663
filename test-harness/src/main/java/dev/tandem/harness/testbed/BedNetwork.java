package dev.tandem.harness.testbed;

import dev.tandem.harness.testbed.TestbedSpec.Medium;
import dev.tandem.harness.testbed.TestbedSpec.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The network of a test bed: a namespace with a bridge, the switch, and one namespace for the client and one for each node, each
 * on a port of the bridge by a pair of virtual devices. Nothing leads out of it, and nothing of it is seen outside.
 *
 * <p>A link has a rate in each direction, by a token bucket filter where packets enter it. A shared medium is one device with
 * such a filter that every packet passes on its way into the bridge. There is no latency beside that of queues: kernels without
 * netem cannot add any. Nothing is kept beside the kernel.
 *
 * <p>Places: 0 is the client, nodes are counted from 1.
 */
record BedNetwork(BedNames names, int nodes) {

    /** The place of the client. */
    static final int CLIENT = 0;

    private static final String PREFIX = "10.89.0.";
    private static final int PREFIX_BITS = 24;
    private static final int CLIENT_NUMBER = 254;

    private static final String DEVICE = "eth0";
    private static final String BRIDGE = "switch";
    private static final String AIR = "air";
    /** A device that is never switched on: what is sent there is gone. */
    private static final String HOLE = "hole";

    private static final String INGRESS = "ffff:";
    /** Filters of lower preference are asked first. */
    private static final String CUT_PREFERENCE = "1";

    private static final String AIR_PREFERENCE = "10";

    static String address(int place) {
        return PREFIX + (place == CLIENT ? CLIENT_NUMBER : place);
    }

    String namespace(int place) {
        return (place == CLIENT ? names.client() : names.node(place - 1)).toString();
    }

    /** Makes all of it, with links as fast as the machine is. */
    void make() {
        String middle = names.switchboard().toString();
        Namespaces.add(middle);
        in(middle, "ip", "link", "add", BRIDGE, "type", "bridge");
        in(middle, "ip", "link", "set", BRIDGE, "up");
        in(middle, "ip", "link", "add", HOLE, "type", "ifb");
        for (int place = CLIENT; place <= nodes; place++) {
            attach(middle, place);
        }
    }

    private void attach(String middle, int place) {
        String end = namespace(place);
        Namespaces.add(end);
        in(end, "ip", "link", "add", DEVICE, "type", "veth", "peer", "name", port(place), "netns", middle);
        in(end, "ip", "address", "add", address(place) + "/" + PREFIX_BITS, "dev", DEVICE);
        in(end, "ip", "link", "set", "lo", "up");
        in(end, "ip", "link", "set", DEVICE, "up");
        in(middle, "ip", "link", "set", port(place), "master", BRIDGE, "up");
        in(middle, "tc", "qdisc", "add", "dev", port(place), "handle", INGRESS, "ingress");
        Namespaces.controlCongestion(end, LinkedNamespaces.CONGESTION_CONTROL);
    }

    /** Gives all links the rates of the file; nodes in its order. */
    void shape(Network network, List<LinkShape> links) {
        if (network.medium() == Medium.SHARED) {
            share(network.rate());
        }
        // A second filter at the rate of the channel would only add a queue.
        if (network.medium() == Medium.SWITCHED || !network.client().equals(network.rate())) {
            shapeLink(CLIENT, network.client());
        }
        for (int node = 0; node < links.size(); node++) {
            shapeLink(node + 1, links.get(node));
        }
    }

    private void share(LinkShape rate) {
        String middle = names.switchboard().toString();
        in(middle, "ip", "link", "add", AIR, "type", "ifb");
        in(middle, "ip", "link", "set", AIR, "up");
        shapeMedium(rate);
        for (int place = CLIENT; place <= nodes; place++) {
            redirect(place, AIR_PREFERENCE, "all", List.of("u32", "0", "0"), AIR);
        }
    }

    /** The rate of the one channel from now on. */
    void shapeMedium(LinkShape rate) {
        shape(names.switchboard().toString(), AIR, rate);
    }

    /** The rate of a link from now on, in both directions. */
    void shapeLink(int place, LinkShape rate) {
        limitPackets(place, rate);
        shape(namespace(place), DEVICE, rate);
        shape(names.switchboard().toString(), port(place), rate);
    }

    private void limitPackets(int place, LinkShape rate) {
        String bytes = Integer.toString(rate.largestPacketBytes());
        in(namespace(place), "ip", "link", "set", "dev", DEVICE, "gso_max_size", bytes);
    }

    private static void shape(String namespace, String device, LinkShape rate) {
        if (rate.isShaped()) {
            List<String> arguments = new ArrayList<>(List.of("qdisc", "replace", "dev", device, "root"));
            arguments.addAll(List.of(rate.filter()));
            in(namespace, "tc", arguments.toArray(String[]::new));
        } else if (in(namespace, "tc", "qdisc", "show", "dev", device).contains("tbf")) {
            in(namespace, "tc", "qdisc", "delete", "dev", device, "root");
        }
    }

    /** Loses all packets between the places of one set and those of another, in both directions, without a word to anyone. */
    void cut(Set<Integer> some, Set<Integer> others) {
        for (int one : some) {
            for (int other : others) {
                if (one != other) {
                    lose(one, other);
                    lose(other, one);
                }
            }
        }
    }

    private void lose(int from, int to) {
        redirect(from, CUT_PREFERENCE, "ip", List.of("ip", "dst", address(to) + "/32"), HOLE);
    }

    /** Ends all cuts. */
    void heal() {
        String middle = names.switchboard().toString();
        for (int place = CLIENT; place <= nodes; place++) {
            String filters = in(middle, "tc", "filter", "show", "dev", port(place), "parent", INGRESS);
            if (filters.contains(" pref " + CUT_PREFERENCE + " ")) {
                in(middle, "tc", "filter", "delete", "dev", port(place), "parent", INGRESS, "pref", CUT_PREFERENCE);
            }
        }
    }

    private void redirect(int place, String preference, String protocol, List<String> match, String device) {
        List<String> arguments = new ArrayList<>(List.of("filter", "add", "dev", port(place), "parent", INGRESS));
        arguments.addAll(List.of("protocol", protocol, "pref", preference, "u32", "match"));
        arguments.addAll(match);
        arguments.addAll(List.of("action", "mirred", "egress", "redirect", "dev", device));
        in(names.switchboard().toString(), "tc", arguments.toArray(String[]::new));
    }

    private static String port(int place) {
        return "port" + place;
    }

    private static String in(String namespace, String tool, String... arguments) {
        return Namespaces.in(namespace, tool, arguments);
    }
}
