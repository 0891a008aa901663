package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.sim.Event.Kind;
import dev.tandem.core.sim.Layout.NodePair;
import java.util.List;

/**
 * Links, network cards and shared media. A transfer takes the sending card, then the link with the media that it crosses,
 * then the receiving card, each in the order of coming, and streams through them: the next begins with the first byte, not
 * with the last. Between them there is room for whatever the credit windows let through.
 */
final class Network {

    private final Layout layout;
    private final EventQueue events;
    private final Trace trace;
    private final Scatter scatter;
    private final Drifts drifts;
    private final int window;
    private final int[] fromNode;
    private final int[] toNode;
    private final Media media;
    private final Usage sending;
    private final Usage receiving;
    private final Usage links;
    private final double[] soonest;
    private final Machines machines;
    private final int[] fromMachine;
    private final int[] toMachine;

    Network(
            Layout layout,
            EventQueue events,
            Trace trace,
            Scatter scatter,
            Scenario scenario,
            int window,
            Machines machines) {
        this.layout = layout;
        this.events = events;
        this.trace = trace;
        this.scatter = scatter;
        this.window = window;
        this.drifts = Drifts.of(
                layout.links(),
                Drift.select(scenario.drifts(), Drift.OfLink.class),
                drift -> new NodePair(drift.from(), drift.to()));
        this.fromNode = ends(layout.links().stream().map(NodePair::from).toList());
        this.toNode = ends(layout.links().stream().map(NodePair::to).toList());
        this.media = new Media(layout.media());
        this.sending = new Usage(layout.nodes().size());
        this.receiving = new Usage(layout.nodes().size());
        this.links = new Usage(layout.links().size());
        this.soonest = new double[layout.hops().size() * window];
        this.machines = machines;
        this.fromMachine = Cpus.array(layout.cpus().ofSender());
        this.toMachine = Cpus.array(layout.cpus().ofReceiver());
    }

    private int[] ends(List<String> names) {
        return names.stream().mapToInt(layout.nodes()::indexOf).toArray();
    }

    /** A producer has a piece ready. */
    void send(Hop hop, int sequence, double now) {
        if (hop.isLocal()) {
            events.add(now, Event.of(Kind.PIECE, hop.index(), sequence));
            return;
        }
        machines.carry(fromMachine[hop.link()], hop.carrySendSeconds(), now);
        double begin = sending.take(fromNode[hop.link()], now, hop.sendSeconds());
        if (begin > now) {
            events.add(begin, Event.of(Kind.DEPARTURE, hop.index(), sequence));
        } else {
            depart(hop, sequence, now);
        }
    }

    /** The sending card begins with a piece. */
    void depart(Hop hop, int sequence, double now) {
        double begin = Math.max(links.freeAt(hop.link(), now), media.freeAt(hop.link(), now));
        double atRate = hop.scaledSeconds() / drifts.factor(hop.link(), begin);
        double seconds = (hop.fixedSeconds() + atRate) * scatter.factor();
        links.take(hop.link(), begin, seconds);
        media.take(hop.link(), begin, seconds);
        trace.transferred(hop, sequence, begin, begin + seconds);
        soonest[slot(hop, sequence)] =
                Math.max(begin + Math.max(seconds, hop.carrySendSeconds()), now + hop.sendSeconds())
                        + hop.latencySeconds();
        events.add(begin + hop.latencySeconds(), Event.of(Kind.HEAD, hop.index(), sequence));
    }

    /** The first byte of a piece is at the receiving card. */
    void receive(Hop hop, int sequence, double now) {
        machines.carry(toMachine[hop.link()], hop.carryReceiveSeconds(), now);
        double end = receiving.take(toNode[hop.link()], now, hop.receiveSeconds()) + hop.receiveSeconds();
        double carried = now + hop.carryReceiveSeconds();
        events.add(
                Math.max(Math.max(end, carried), soonest[slot(hop, sequence)]),
                Event.of(Kind.PIECE, hop.index(), sequence));
    }

    void addUse(List<Resource> resources, double durationSeconds) {
        List<String> linkNames = layout.links().stream().map(NodePair::toString).toList();
        links.addUse(resources, ResourceKind.LINK, linkNames, durationSeconds);
        sending.addUse(resources, ResourceKind.SENDING_CARD, layout.nodes(), durationSeconds);
        receiving.addUse(resources, ResourceKind.RECEIVING_CARD, layout.nodes(), durationSeconds);
        media.addUse(resources, durationSeconds);
    }

    private int slot(Hop hop, int sequence) {
        return hop.index() * window + sequence % window;
    }
}
