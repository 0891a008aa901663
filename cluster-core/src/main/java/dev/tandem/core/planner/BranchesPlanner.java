package dev.tandem.core.planner;

import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.topology.CoreGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parallel branches of a block, as Inception's, are stages side by side: each on the core group that is done with it first, the
 * longest dealt out first; everything else is whole on the fastest. Stages follow each other in the plan, but each begins when
 * it has what it reads, and branches do not read each other.
 *
 * <p>Nothing is searched: it is a way of dividing to be asked for and to be compared with, and no claim is made that it pays.
 * Over exactly {@link PlanRequest#shards()} core groups, of which few branches may leave some idle.
 */
public final class BranchesPlanner implements Planner {

    private static final String NAME = "branches";

    @Override
    public PlanResult plan(PlanRequest request) {
        return ShardGroups.plan(
                request,
                NAME + " over " + request.shards() + " core groups",
                groups -> plan(request, groups),
                groups -> unplanned(request, groups));
    }

    private static Optional<Plan> plan(PlanRequest request, List<CoreGroup> groups) {
        List<List<Segment>> blocks = Branches.of(request.graph());
        return blocks.isEmpty()
                ? Optional.empty()
                : Optional.of(Draft.plan(request, NAME, stages(request, groups, blocks)))
                        .filter(plan -> Double.isFinite(plan.predicted().latencySeconds()));
    }

    /** What follows a block begins with the layer that joins its branches. */
    private static List<Stage> stages(PlanRequest request, List<CoreGroup> groups, List<List<Segment>> blocks) {
        CoreGroup fastest = groups.stream().min(Draft.FASTEST).orElseThrow();
        List<Stage> stages = new ArrayList<>();
        int next = 0;
        for (List<Segment> branches : blocks) {
            int begin = branches.get(0).from();
            if (next < begin) {
                stages.add(Draft.undivided(request.graph(), new Segment(next, begin), fastest.id()));
            }
            Map<Segment, CoreGroup> places = places(request, groups, branches);
            branches.forEach(branch -> stages.add(Draft.undivided(
                    request.graph(),
                    branch,
                    places.getOrDefault(branch, fastest).id())));
            next = branches.get(branches.size() - 1).to();
        }
        stages.add(Draft.undivided(
                request.graph(), new Segment(next, request.graph().layers().size()), fastest.id()));
        return stages;
    }

    private static Map<Segment, CoreGroup> places(PlanRequest request, List<CoreGroup> groups, List<Segment> branches) {
        Map<CoreGroup, Double> busy = new HashMap<>();
        Map<Segment, CoreGroup> places = new HashMap<>();
        CoreGroup any = groups.get(0);
        List<Segment> longestFirst = new ArrayList<>(branches);
        longestFirst.sort((one, other) -> Double.compare(
                request.cost().computeSeconds(any, other), request.cost().computeSeconds(any, one)));
        for (Segment branch : longestFirst) {
            CoreGroup place = any;
            double done = Double.POSITIVE_INFINITY;
            for (CoreGroup group : groups) {
                double until = busy.getOrDefault(group, 0.0) + request.cost().computeSeconds(group, branch);
                if (until < done) {
                    done = until;
                    place = group;
                }
            }
            busy.put(place, done);
            places.put(branch, place);
        }
        return places;
    }

    private static String unplanned(PlanRequest request, List<CoreGroup> groups) {
        return Branches.of(request.graph()).isEmpty()
                ? "model " + request.graph().name()
                        + " has no block of parallel branches between two places where it may be"
                        + " cut"
                        + (request.graph().isQuantised() ? ", which in a quantised model are at integers only" : "")
                        + ". Maybe divide it along rows, or as a pipeline."
                : "there are no links between all of "
                        + groups.stream().map(CoreGroup::id).toList();
    }
}
