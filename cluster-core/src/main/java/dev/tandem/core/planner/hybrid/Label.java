package dev.tandem.core.planner.hybrid;

import org.jspecify.annotations.Nullable;

/** The first stages of a plan, up to a position. Its arrays are not written to once it is made. */
final class Label {

    /** The stages before the last one; null before the first. */
    final @Nullable Label before;

    /** Position where the last stage begins. */
    final int from;

    /** Position where it ends. */
    final int to;

    /** Of the last stage; null before the first. */
    final @Nullable Seat seat;

    /** Nodes that the present run of stages may use, as bits. */
    final int team;

    /** Nodes of all runs of stages, as bits, the team included. */
    final int visited;

    final int stages;

    /** When each shard of the last stage has computed a first request, in seconds; empty where time does not matter. */
    final double[] ends;

    /** When each core group has computed it for the last time in this run; empty likewise. */
    final double[] free;

    /** Seconds per request of each resource that later stages may still use; empty where it does not matter. */
    final double[] busy;

    /** Of the busiest of all other resources, in seconds per request. */
    final double busiest;

    /** Of computing and transfers so far, beyond what idle machines take. */
    final double joules;

    /** Bytes by node in this run of stages. */
    final long[] memory;

    /** No stage yet. */
    Label(double[] ends, double[] free, double[] busy, long[] memory) {
        this.before = null;
        this.from = 0;
        this.to = 0;
        this.seat = null;
        this.team = 0;
        this.visited = 0;
        this.stages = 0;
        this.ends = ends;
        this.free = free;
        this.busy = busy;
        this.busiest = 0;
        this.joules = 0;
        this.memory = memory;
    }

    /** One more stage. */
    Label(
            Label before,
            int to,
            Seat seat,
            int team,
            double[] ends,
            double[] free,
            double[] busy,
            double busiest,
            double joules,
            long[] memory) {
        this.before = before;
        this.from = before.to;
        this.to = to;
        this.seat = seat;
        this.team = team;
        this.visited = before.visited | team;
        this.stages = before.stages + 1;
        this.ends = ends;
        this.free = free;
        this.busy = busy;
        this.busiest = busiest;
        this.joules = joules;
        this.memory = memory;
    }

    /** Whether this is never worse than another that has come as far on the same seat with the same nodes. */
    boolean dominates(Label other) {
        return stages <= other.stages
                && busiest <= other.busiest
                && joules <= other.joules
                && noneAbove(ends, other.ends)
                && noneAbove(free, other.free)
                && noneAbove(busy, other.busy)
                && noneAbove(memory, other.memory);
    }

    private static boolean noneAbove(double[] these, double[] others) {
        for (int index = 0; index < these.length; index++) {
            if (these[index] > others[index]) {
                return false;
            }
        }
        return true;
    }

    private static boolean noneAbove(long[] these, long[] others) {
        for (int index = 0; index < these.length; index++) {
            if (these[index] > others[index]) {
                return false;
            }
        }
        return true;
    }
}
