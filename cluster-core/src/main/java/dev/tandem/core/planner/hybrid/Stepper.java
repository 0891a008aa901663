package dev.tandem.core.planner.hybrid;

import dev.tandem.core.cost.CostModel;
import dev.tandem.core.cost.Freight;
import dev.tandem.core.cost.Inflow;
import dev.tandem.core.cost.ProcessorCosts;
import dev.tandem.core.topology.CoreGroup;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds stages to the beginning of a plan with the figures that {@link dev.tandem.core.cost.PlanScorer} will give: pieces
 * leave a shard one after the other at the pace of its network card, travel side by side and are taken at the pace of the
 * card where they go; a shard starts when it has all pieces and its core group is free. Used by one thread.
 */
final class Stepper {

    private final Space space;
    private final CostModel cost;
    private final ProcessorCosts processors;
    private final Resources resources;
    private final boolean timed;
    private final boolean loaded;
    private final boolean powered;

    Stepper(Space space, Aim aim) {
        this.space = space;
        this.cost = space.cost();
        this.processors = cost.processors();
        this.resources = new Resources(space);
        this.timed = aim.needsLatency();
        this.loaded = aim.needsPeriod();
        this.powered = aim.needsEnergy();
    }

    /** No stage yet: the gateway has the model inputs. */
    Label start() {
        double[] busy = new double[loaded ? resources.count() : 0];
        String gateway = space.end(space.gateway());
        occupy(busy, gateway, processors.request(gateway));
        double[] ends = timed ? new double[] {processors.requestLatency(gateway)} : new double[0];
        return new Label(ends, new double[timed ? space.groups() : 0], busy, new long[space.nodes()]);
    }

    /**
     * One more stage.
     *
     * @param team nodes of the present run of stages: those of the label, or others for a new run
     * @return null where it cannot be divided so, memory does not suffice, or a link is missing
     */
    @Nullable Label step(Label label, int to, Seat seat, int team) {
        Space.Work work = space.work(label.to, to, seat);
        boolean moves = team != label.team;
        long[] memory = moves ? new long[space.nodes()] : label.memory.clone();
        if (!work.isPossible() || !fits(memory, seat, work)) {
            return null;
        }
        Load load = new Load(label);
        double[] arrivals = new double[seat.groups.length];
        if (!transfer(label, to, seat, arrivals, load)) {
            return null;
        }
        double[] free = moves ? new double[label.free.length] : label.free.clone();
        double[] ends = compute(seat, work, arrivals, free, load);
        double busiest = moves ? load.close(team, label.busiest) : label.busiest;
        return new Label(label, to, seat, team, ends, free, load.busy, busiest, load.joules, memory);
    }

    /** What the plan does once the gateway has its outputs; null where the link to the gateway is missing. */
    Aim.@Nullable Figures finish(Label label) {
        Seat seat = Objects.requireNonNull(label.seat);
        Load load = new Load(label);
        Inflow inflow = new Inflow();
        long[] bytes = space.exit(label, seat);
        for (int shard = 0; shard < bytes.length; shard++) {
            int node = space.nodeOf(seat.groups[shard]);
            double seconds = bytes[shard] == 0 ? 0 : seconds(node, space.gateway(), bytes[shard]);
            if (seconds == Double.POSITIVE_INFINITY) {
                return null;
            }
            if (timed && bytes[shard] > 0) {
                arrive(inflow, node, space.gateway(), bytes[shard], label.ends[shard], seconds);
            }
            load.transfer(node, space.gateway(), bytes[shard]);
        }
        return new Aim.Figures(inflow.completeSeconds(), load.busiest(label.busiest), load.joules);
    }

    private boolean fits(long[] memory, Seat seat, Space.Work work) {
        for (int shard = 0; shard < seat.groups.length; shard++) {
            int node = space.nodeOf(seat.groups[shard]);
            memory[node] += work.memoryBytes[shard];
            if (memory[node] > space.memoryBytes(node)) {
                return false;
            }
        }
        return true;
    }

    private boolean transfer(Label label, int to, Seat seat, double[] arrivals, Load load) {
        Seat producers = label.seat;
        long[][] bytes = space.hop(label, to, seat);
        Inflow[] inflows = new Inflow[arrivals.length];
        Arrays.setAll(inflows, consumer -> new Inflow());
        for (int producer = 0; producer < bytes.length; producer++) {
            int from = producers == null ? space.gateway() : space.nodeOf(producers.groups[producer]);
            double departure = timed ? label.ends[producer] : 0;
            for (int consumer = 0; consumer < arrivals.length; consumer++) {
                long size = bytes[producer][consumer];
                if (size > 0) {
                    int node = space.nodeOf(seat.groups[consumer]);
                    double seconds = seconds(from, node, size);
                    if (seconds == Double.POSITIVE_INFINITY) {
                        return false;
                    }
                    arrive(inflows[consumer], from, node, size, departure, seconds);
                    departure += from == node ? 0 : cost.sendSeconds(space.end(from), size);
                    load.transfer(from, node, size);
                }
            }
        }
        Arrays.setAll(arrivals, consumer -> inflows[consumer].completeSeconds());
        return true;
    }

    private void arrive(Inflow inflow, int from, int to, long bytes, double departure, double seconds) {
        if (from == to) {
            inflow.add(departure + seconds);
        } else {
            String end = space.end(to);
            inflow.add(
                    departure + cost.latencySeconds(space.end(from), end, cost.freight(bytes)),
                    departure + seconds,
                    cost.receiveSeconds(end, bytes));
        }
    }

    private double seconds(int from, int to, long bytes) {
        return from == to ? 0 : cost.transferSeconds(space.end(from), space.end(to), bytes);
    }

    private double[] compute(Seat seat, Space.Work work, double[] arrivals, double[] free, Load load) {
        double[] ends = new double[timed ? arrivals.length : 0];
        for (int shard = 0; shard < arrivals.length; shard++) {
            int group = seat.groups[shard];
            double seconds = work.seconds[shard];
            if (timed) {
                ends[shard] = Math.max(arrivals[shard], free[group]) + seconds;
                free[group] = ends[shard];
            }
            load.compute(group, seconds);
        }
        return ends;
    }

    /** Takes the processor of the node's machine, where that matters. */
    private void occupy(double[] busy, String node, double seconds) {
        int machine = processors.machine(node);
        if (busy.length > 0 && machine != ProcessorCosts.NONE) {
            busy[resources.processor(machine)] += seconds;
        }
    }

    /** What a request costs in time of resources and in energy, while it is added up. */
    private final class Load {

        private final double[] busy;
        private double joules;

        Load(Label label) {
            this.busy = label.busy.clone();
            this.joules = label.joules;
        }

        void compute(int group, double seconds) {
            if (loaded) {
                busy[group] += seconds;
                CoreGroup seat = space.group(group);
                Stepper.this.occupy(busy, seat.id().node(), processors.compute(seat, seconds));
            }
            if (powered) {
                joules += space.computeJoules(group, seconds);
            }
        }

        void transfer(int from, int to, long bytes) {
            if (from == to || bytes == 0) {
                return;
            }
            if (loaded) {
                occupy(from, to, bytes);
            }
            if (powered) {
                joules += space.transferJoules(from, to, bytes);
            }
        }

        private void occupy(int from, int to, long bytes) {
            double seconds = cost.linkSeconds(space.end(from), space.end(to), bytes);
            busy[resources.link(from, to)] += seconds;
            for (String medium : cost.media(space.end(from), space.end(to))) {
                busy[resources.medium(space.media().indexOf(medium))] += seconds;
            }
            busy[resources.sending(from)] += cost.sendSeconds(space.end(from), bytes);
            busy[resources.receiving(to)] += cost.receiveSeconds(space.end(to), bytes);
            Freight freight = cost.freight(bytes);
            Stepper.this.occupy(busy, space.end(from), processors.send(space.end(from), freight));
            Stepper.this.occupy(busy, space.end(to), processors.receive(space.end(to), freight));
        }

        /** Sets aside what stages on the team's nodes cannot use any more; the busiest of that and of what is known. */
        double close(int team, double busiest) {
            double most = busiest;
            for (int resource = 0; resource < busy.length; resource++) {
                if (!resources.isOpen(resource, team)) {
                    most = Math.max(most, busy[resource]);
                    busy[resource] = 0;
                }
            }
            return most;
        }

        double busiest(double busiest) {
            double most = busiest;
            for (double seconds : busy) {
                most = Math.max(most, seconds);
            }
            return most;
        }
    }
}
