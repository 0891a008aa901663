package dev.tandem.core.sim;

import dev.tandem.core.cost.ResourceKind;
import dev.tandem.core.sim.Event.Kind;
import dev.tandem.core.topology.CoreGroupId;
import java.util.List;

/** The core groups: each computes one call at a time, in the order in which calls came. */
final class CoreGroups {

    private final Layout layout;
    private final EventQueue events;
    private final Trace trace;
    private final Scatter scatter;
    private final Drifts drifts;
    private final LongQueue[] waiting;
    private final boolean[] isBusy;
    private final double[] busySeconds;

    CoreGroups(Layout layout, EventQueue events, Trace trace, Scatter scatter, List<Drift.OfCoreGroup> drifts) {
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
    }

    void submit(Port port, int sequence, double now) {
        if (isBusy[port.coreGroup()]) {
            waiting[port.coreGroup()].add(Event.of(Kind.COMPUTED, port.index(), sequence));
        } else {
            begin(port, sequence, now);
        }
    }

    /** The call in progress has ended; the next one begins. Calls of lanes that have ended are dropped. */
    void next(int group, LaneStates lanes, double now) {
        isBusy[group] = false;
        while (!isBusy[group] && !waiting[group].isEmpty()) {
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

    private void begin(Port port, int sequence, double now) {
        int group = port.coreGroup();
        double atRate = port.scaledSeconds() / drifts.factor(group, now);
        double seconds = (port.fixedSeconds() + atRate) * scatter.factor();
        isBusy[group] = true;
        busySeconds[group] += seconds;
        trace.computed(port, sequence, now, now + seconds);
        events.add(now + seconds, Event.of(Kind.COMPUTED, port.index(), sequence));
    }
}
