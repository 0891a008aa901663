package dev.tandem.core.planner.hybrid;

/** Where a stage may run: whole on one core group, or divided along rows over several. Its array is not written to. */
final class Seat {

    /** Index among the seats of a space. */
    final int id;

    /** Indices of core groups, ascending, in the order of their rows. */
    final int[] groups;

    /** Which shares of the rows they have: an index into the {@link Divisions} of a space. */
    final int division;

    /** The core groups' nodes, as bits. */
    final int nodes;

    Seat(int id, int[] groups, int division, int nodes) {
        this.id = id;
        this.groups = groups;
        this.division = division;
        this.nodes = nodes;
    }

    boolean isDivided() {
        return groups.length > 1;
    }
}
