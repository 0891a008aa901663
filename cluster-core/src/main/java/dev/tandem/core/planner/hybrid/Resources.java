package dev.tandem.core.planner.hybrid;

/** Numbers the resources that a request keeps busy: core groups, both directions of network cards, links, shared
 * media, processors of machines.
 */
final class Resources {

    private final Space space;
    private final int ends;

    Resources(Space space) {
        this.space = space;
        this.ends = space.ends();
    }

    int count() {
        return processor(space.cost().processors().machines().size());
    }

    int medium(int medium) {
        return space.groups() + 2 * ends + ends * ends + medium;
    }

    int processor(int machine) {
        return medium(space.media().size()) + machine;
    }

    int sending(int end) {
        return space.groups() + end;
    }

    int receiving(int end) {
        return space.groups() + ends + end;
    }

    int link(int from, int to) {
        return space.groups() + 2 * ends + from * ends + to;
    }

    /**
     * Whether stages on these nodes, given as bits, may still use the resource; the gateway's cards,
     * shared media and processors are used to the end. */
    boolean isOpen(int resource, int team) {
        int groups = space.groups();
        if (resource < groups) {
            return isIn(team, space.nodeOf(resource));
        }
        if (resource < groups + 2 * ends) {
            int end = (resource - groups) % ends;
            return end == space.gateway() || isIn(team, end);
        }
        int link = resource - groups - 2 * ends;
        return link >= ends * ends || (isIn(team, link / ends) && isIn(team, link % ends));
    }

    private static boolean isIn(int team, int node) {
        return (team & 1 << node) != 0;
    }
}
