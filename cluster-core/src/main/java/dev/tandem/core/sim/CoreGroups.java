package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.sim.Event.Kind;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;
import java.util.stream.IntStream;

/** The core groups: each computes one call at a time, in the order in which calls came. */
final class CoreGroups {

    private final Layout layout;
    private final EventQueue events;
    private final Trace trace;
    private final Scatter scatter;
    private final Drifts drifts;
    private final Machines machines;
    private final LongQueue[] waiting;
    private final boolean[] isBusy;
    private final double[] busySeconds;
    /** By machine its core groups. */
    private final int[][] onMachine;

    CoreGroups(
            Layout layout,
            EventQueue events,
            Trace trace,
            Scatter scatter,
            List<Drift.OfCoreGroup> drifts,
            Machines machines) {
        this.machines = machines;
        this.layout = layout;
        this.events = events;
        this.trace = trace;
        this.scatter = scatter;
        this.drifts = Drifts.of(layout.coreGroups(), drifts, Drift.OfCoreGroup::group);
        int count = layout.coreGroups().size();
        this.waiting = new LongQueue[count];
        this.isBusy = new boolean[count];
        this.busySeconds = new double[count];
        for (int group = 0; group < count; group++) {
            waiting[group] = new LongQueue();
        }
        this.onMachine = onMachine(layout.cpus());
    }

    void submit(Port port, int sequence, double now) {
        if (isBusy[port.coreGroup()] || !machines.hasRoom(port.coreGroup())) {
            waiting[port.coreGroup()].add(Event.of(Kind.COMPUTED, port.index(), sequence));
        } else {
            begin(port, sequence, now);
        }
    }

    /** Whether the call in progress has ended; not yet where carrying has taken CPUs from it. */
    boolean end(Port port, int sequence, double now) {
        double lost = machines.takeLost(port.coreGroup());
        if (lost > 0) {
            events.add(now + lost, Event.of(Kind.COMPUTED, port.index(), sequence));
            return false;
        }
        isBusy[port.coreGroup()] = false;
        machines.end(port.coreGroup());
        return true;
    }

    /** Calls that can begin on the machine of a core group whose call has ended: others first, then its own. */
    void next(int ended, LaneStates lanes, double now) {
        int machine = machines.ofCoreGroup(ended);
        for (int group : onMachine[machine]) {
            if (group != ended) {
                beginNext(group, lanes, now);
            }
        }
        beginNext(ended, lanes, now);
    }

    /** Calls of lanes that have ended are dropped. */
    private void beginNext(int group, LaneStates lanes, double now) {
        while (!isBusy[group] && machines.hasRoom(group) && !waiting[group].isEmpty()) {
            long call = waiting[group].poll();
            Port port = layout.ports().get(Event.subject(call));
            if (lanes.isAlive(port.lane())) {
                begin(port, Event.sequence(call), now);
            }
        }
    }

    void addUse(List<Resource> resources, double durationSeconds) {
        List<CoreGroupId> groups = layout.coreGroups();
        for (int group = 0; group < groups.size(); group++) {
            resources.add(new Resource(
                    ResourceKind.CORE_GROUP,
                    groups.get(group).toString(),
                    busySeconds[group],
                    busySeconds[group] / durationSeconds));
        }
    }

    private static int[][] onMachine(Cpus cpus) {
        return IntStream.range(0, cpus.counts().size())
                .mapToObj(machine -> IntStream.range(0, cpus.ofCoreGroup().size())
                        .filter(group -> cpus.ofCoreGroup().get(group) == machine)
                        .toArray())
                .toArray(int[][]::new);
    }

    private void begin(Port port, int sequence, double now) {
        int group = port.coreGroup();
        double atRate = port.scaledSeconds() / drifts.factor(group, now);
        double seconds = (port.fixedSeconds() + atRate) * scatter.factor();
        isBusy[group] = true;
        machines.begin(group, now);
        busySeconds[group] += seconds;
        trace.computed(port, sequence, now, now + seconds);
        events.add(now + seconds, Event.of(Kind.COMPUTED, port.index(), sequence));
    }
}
