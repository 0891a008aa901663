package dev.tandem.core.sim;

import dev.tandem.core.plan.Dealing;
import dev.tandem.core.sim.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: takes event after event until every request is answered or lost. Used once, by one thread. */
final class Engine {

    private final Layout layout;
    private final Port[] ports;
    private final Hop[] hops;
    private final Scenario scenario;
    private final EventQueue events = new EventQueue();
    private final Dealing dealing;
    private final LaneStates lanes;
    private final Gate gate;
    private final Machines machines;
    private final CoreGroups coreGroups;
    private final Network network;
    private final Inbox[] inboxes;
    private final Outbox[] outboxes;
    private final int[] nextToSubmit;

    Engine(Layout layout, int window, Scenario scenario, @Nullable Consumer<Span> timeline) {
        this.layout = layout;
        this.scenario = scenario;
        this.ports = layout.ports().toArray(Port[]::new);
        this.hops = layout.hops().toArray(Hop[]::new);
        this.dealing = new Dealing(layout.lanes());
        this.lanes = new LaneStates(layout.lanes().size());
        SplittableRandom random = new SplittableRandom(scenario.seed());
        this.gate = new Gate(scenario.arrivals(), events, random.split());
        Trace trace = new Trace(layout, lanes, timeline);
        Scatter compute = new Scatter(random.split(), scenario.jitter().computeSigma());
        this.machines = new Machines(layout.cpus());
        this.coreGroups = new CoreGroups(
                layout, events, trace, compute, Drift.select(scenario.drifts(), Drift.OfCoreGroup.class), machines);
        Scatter transfer = new Scatter(random.split(), scenario.jitter().transferSigma());
        this.network = new Network(layout, events, trace, transfer, scenario, window, machines);
        this.inboxes = new Inbox[ports.length];
        this.outboxes = new Outbox[ports.length];
        this.nextToSubmit = new int[ports.length];
        for (int port = 0; port < ports.length; port++) {
            inboxes[port] = new Inbox(layout.in().get(port).size(), window);
            outboxes[port] = new Outbox(layout.out().get(port).size(), window);
        }
    }

    SimulationResult run() {
        for (int loss = 0; loss < scenario.losses().size(); loss++) {
            events.add(scenario.losses().get(loss).seconds(), Event.of(Kind.LOSS, loss, 0));
        }
        gate.open();
        double now = 0;
        while (!gate.isOver()) {
            if (events.isEmpty()) {
                throw new IllegalStateException("nothing moves any more, though requests are under way");
            }
            now = events.nextSeconds();
            happen(events.poll(), now);
        }
        return gate.result(this::use, now);
    }

    private List<Resource> use(double durationSeconds) {
        List<Resource> resources = new ArrayList<>();
        coreGroups.addUse(resources, durationSeconds);
        network.addUse(resources, durationSeconds);
        return resources;
    }

    private void happen(long event, double now) {
        int subject = Event.subject(event);
        int sequence = Event.sequence(event);
        switch (Event.kind(event)) {
            case ARRIVAL -> onArrival(now);
            case DEPARTURE -> network.depart(hops[subject], sequence, now);
            case HEAD -> network.receive(hops[subject], sequence, now);
            case PIECE -> onPiece(hops[subject], sequence, now);
            case COMPUTED -> onComputed(ports[subject], sequence, now);
            case CREDIT -> onCredit(hops[subject], now);
            case DEALT -> send(ports[subject], sequence, now);
            case LOSS -> onLoss(scenario.losses().get(subject).node(), now);
        }
    }

    private void onArrival(double now) {
        gate.onArrival(now);
        deal(now);
    }

    private void onPiece(Hop hop, int sequence, double now) {
        Port consumer = ports[hop.consumer()];
        if (!lanes.isAlive(consumer.lane())) {
            return;
        }
        inboxes[consumer.index()].onPiece(sequence);
        if (consumer.isGateway()) {
            answerReady(consumer, now);
        } else {
            submitReady(consumer, now);
        }
    }

    private void onComputed(Port port, int sequence, double now) {
        if (!coreGroups.end(port, sequence, now)) {
            return;
        }
        coreGroups.next(port.coreGroup(), lanes, now);
        if (lanes.isAlive(port.lane())) {
            send(port, sequence, now);
            release(port, now);
            submitReady(port, now);
        }
    }

    private void onCredit(Hop hop, double now) {
        Port producer = ports[hop.producer()];
        if (!lanes.isAlive(producer.lane())) {
            return;
        }
        outboxes[producer.index()].onCredit(hop.edge());
        if (producer.isGateway()) {
            deal(now);
        } else {
            submitReady(producer, now);
        }
    }

    private void onLoss(String node, double now) {
        layout.lanesOver(node).forEach(lane -> gate.lose(lanes.end(lane), now));
        deal(now);
    }

    private void submitReady(Port port, double now) {
        int index = port.index();
        while (inboxes[index].isReady(nextToSubmit[index]) && outboxes[index].hasRoomFor(nextToSubmit[index])) {
            coreGroups.submit(port, nextToSubmit[index]++, now);
        }
    }

    private void answerReady(Port gateway, double now) {
        int lane = gateway.lane();
        boolean answered = false;
        while (lanes.isUnderWay(lane) && inboxes[gateway.index()].isReady(lanes.oldest(lane))) {
            gate.answer(lanes.request(lane, lanes.oldest(lane)), now);
            lanes.answer(lane);
            release(gateway, now);
            answered = true;
        }
        if (answered) {
            deal(now);
        }
    }

    private void send(Port producer, int sequence, double now) {
        List<Hop> out = layout.out().get(producer.index());
        for (int edge = 0; edge < out.size(); edge++) {
            network.send(out.get(edge), sequence, now);
        }
    }

    /** A request has been used: its producers get credit. */
    private void release(Port consumer, double now) {
        inboxes[consumer.index()].release();
        List<Hop> in = layout.in().get(consumer.index());
        for (int edge = 0; edge < in.size(); edge++) {
            Hop hop = in.get(edge);
            events.add(now + hop.creditSeconds(), Event.of(Kind.CREDIT, hop.index(), 0));
        }
    }

    /** Gives waiting requests to lanes, as far as they have room; without lanes they are lost. */
    private void deal(double now) {
        while (gate.hasWaiting()) {
            int lane = laneForNext();
            if (lane >= 0) {
                int sequence = lanes.deal(lane, gate.next());
                leave(ports[layout.gateways().get(lane)], sequence, now);
            } else if (hasLanes(true)) {
                return;
            } else {
                gate.next();
                gate.lose(1, now);
            }
        }
    }

    private void leave(Port gateway, int sequence, double now) {
        double seconds = layout.cpus().requestSeconds();
        if (seconds == 0) {
            send(gateway, sequence, now);
        } else {
            machines.carry(layout.cpus().ofGateway(), seconds, now);
            events.add(now + seconds, Event.of(Kind.DEALT, gateway.index(), sequence));
        }
    }

    /** -1 where none has room. */
    private int laneForNext() {
        int next = -1;
        for (int lane = 0; lane < layout.lanes().size(); lane++) {
            if (!layout.lanes().get(lane).isStandby()
                    && lanes.isAlive(lane)
                    && hasRoom(lane)
                    && (next < 0 || dealing.isBefore(standing(lane), standing(next)))) {
                next = lane;
            }
        }
        return next >= 0 || hasLanes(false) ? next : firstStandby();
    }

    private Dealing.Standing standing(int lane) {
        return new Dealing.Standing(lane, lanes.underWay(lane), lanes.dealt(lane));
    }

    /** The first that is left and stands by, if it has room; -1 if not. */
    private int firstStandby() {
        for (int lane = 0; lane < layout.lanes().size(); lane++) {
            if (lanes.isAlive(lane)) {
                return hasRoom(lane) ? lane : -1;
            }
        }
        return -1;
    }

    private boolean hasRoom(int lane) {
        return outboxes[layout.gateways().get(lane)].hasRoomFor(lanes.dealt(lane));
    }

    private boolean hasLanes(boolean alsoStandby) {
        for (int lane = 0; lane < layout.lanes().size(); lane++) {
            if (lanes.isAlive(lane) && (alsoStandby || !layout.lanes().get(lane).isStandby())) {
                return true;
            }
        }
        return false;
    }
}
