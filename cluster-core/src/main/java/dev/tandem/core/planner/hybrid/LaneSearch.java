package dev.tandem.core.planner.hybrid;

import dev.tandem.core.plan.Stage;
import dev.tandem.core.planner.PlanBudget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best lane of a space: beginnings of plans are extended stage by stage, from position to position. Of two that
 * have come as far on the same seat with the same nodes, one that is nowhere better is dropped, and so is one that cannot
 * end better than the best plan so far. Both are safe, so that what is left in the end is the best there is, unless steps
 * or time have run out, which {@link #isComplete} says. Deterministic while time lasts; used by one thread.
 */
final class LaneSearch {

    private record Place(int seat, int team, int visited) {}

    private final Space space;
    private final Aim aim;
    private final HybridLimits limits;
    private final PlanBudget budget;
    private final Stepper stepper;
    private final Speeds speeds;
    private final List<Integer> teams = new ArrayList<>();
    private final List<Map<Place, List<Label>>> labels = new ArrayList<>();
    private long steps;
    /** Steps that may have been taken by the time that the present position is left. */
    private long allowed;

    private boolean complete = true;
    private double bestValue;
    private @Nullable Label best;

    /** @param known a value that is reached already: only better plans are looked for; infinite for none */
    LaneSearch(Space space, Aim aim, HybridLimits limits, PlanBudget budget, double known) {
        this.space = space;
        this.aim = aim;
        this.limits = limits;
        this.budget = budget;
        this.bestValue = known;
        this.stepper = new Stepper(space, aim);
        this.speeds = new Speeds(space, limits.mostShards());
        if (limits.allShares()) {
            addTeams();
        }
        for (int position = 0; position <= space.positions().end(); position++) {
            labels.add(new LinkedHashMap<>());
        }
        search();
    }

    /** Whether nothing was left out for want of steps. */
    boolean isComplete() {
        return complete;
    }

    /** The value of the best plan, or the known one where none is better. */
    double value() {
        return bestValue;
    }

    /** The stages of the best plan, if one is better than the known value. */
    Optional<List<Stage>> stages() {
        List<Stage> stages = new ArrayList<>();
        for (Label label = best; label != null && label.seat != null; label = label.before) {
            stages.add(space.stage(label.from, label.to, Objects.requireNonNull(label.seat)));
        }
        Collections.reverse(stages);
        return stages.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(stages));
    }

    private void search() {
        int end = space.positions().end();
        allowed = limits.mostSteps() / end;
        extend(stepper.start());
        for (int position = 1; position < end; position++) {
            allowed = steps + (limits.mostSteps() - steps) / (end - position);
            promising(position).forEach(this::extend);
            labels.set(position, Map.of());
        }
    }

    /** Those with the least bounds first, so that they are looked at if steps run out. */
    private List<Label> promising(int position) {
        Map<Label, Double> bounds = new HashMap<>();
        List<Label> here = new ArrayList<>();
        labels.get(position).values().forEach(here::addAll);
        here.forEach(label -> bounds.put(label, bound(label)));
        here.sort(Comparator.comparingDouble(label -> bounds.getOrDefault(label, 0.0)));
        return here;
    }

    private void extend(Label label) {
        if (bound(label) >= bestValue) {
            return;
        }
        boolean last = label.stages + 1 >= limits.mostStages();
        int end = space.positions().end();
        for (int to = last ? end : label.to + 1; to <= end; to++) {
            if (space.positions().isAllowed(label.to, to)) {
                extend(label, to);
            }
        }
    }

    private void extend(Label label, int to) {
        for (Seat seat : space.seats()) {
            if (steps >= allowed) {
                complete = false;
                return;
            }
            extend(label, to, seat);
        }
    }

    private void addTeams() {
        int most = Math.min(limits.mostShards(), aim.constraints().maxNodes());
        for (int team = 1; team < 1 << space.nodes(); team++) {
            if (Integer.bitCount(team) <= most) {
                teams.add(team);
            }
        }
    }

    private void extend(Label label, int to, Seat seat) {
        boolean stays = (seat.nodes & ~label.team) == 0;
        if (stays && !isSameCoreGroup(label, seat)) {
            add(label, to, seat, label.team);
        }
        if ((seat.nodes & label.visited) == 0) {
            List<Integer> runs = limits.allShares() ? teams : List.of(seat.nodes);
            for (int team : runs) {
                if ((seat.nodes & ~team) == 0
                        && (team & label.visited) == 0
                        && Integer.bitCount(team | label.visited)
                                <= aim.constraints().maxNodes()) {
                    add(label, to, seat, team);
                }
            }
        }
    }

    /** Two stages on one core group are never better than both as one. */
    private static boolean isSameCoreGroup(Label label, Seat seat) {
        return label.seat != null && !seat.isDivided() && label.seat.id == seat.id;
    }

    private void add(Label label, int to, Seat seat, int team) {
        if (steps >= allowed || budget.isSpent()) {
            complete = false;
            return;
        }
        steps++;
        Label next = stepper.step(label, to, seat, team);
        if (next == null) {
            return;
        }
        if (to == space.positions().end()) {
            finish(next);
        } else if (bound(next) < bestValue) {
            insert(next);
        }
    }

    private void finish(Label label) {
        Aim.Figures figures = stepper.finish(label);
        double value = figures == null ? Double.POSITIVE_INFINITY : aim.value(figures);
        if (value < bestValue) {
            bestValue = value;
            best = label;
        }
    }

    private void insert(Label label) {
        Place place = new Place(Objects.requireNonNull(label.seat).id, label.team, label.visited);
        List<Label> here = labels.get(label.to).computeIfAbsent(place, first -> new ArrayList<>());
        if (here.stream().noneMatch(other -> other.dominates(label))) {
            here.removeIf(label::dominates);
            here.add(label);
        }
    }

    /** No plan that begins so has a smaller value. */
    private double bound(Label label) {
        double latency = 0;
        if (label.ends.length > 0) {
            double earliest = Double.POSITIVE_INFINITY;
            for (double end : label.ends) {
                earliest = Math.min(earliest, end);
            }
            latency = earliest + speeds.secondsFrom(label.to);
        }
        double joules = aim.needsEnergy() ? label.joules + speeds.joulesFrom(label.to) : 0;
        return aim.value(new Aim.Figures(latency, label.busy.length > 0 ? leastPeriod(label) : 0, joules));
    }

    private double leastPeriod(Label label) {
        double period = label.busiest;
        double work = speeds.left(label.to);
        double speed = 0;
        for (int group = 0; group < space.groups(); group++) {
            int node = 1 << space.nodeOf(group);
            if ((label.visited & node) == 0 || (label.team & node) != 0) {
                speed += speeds.speed(group);
                work += label.busy[group] * speeds.speed(group);
            }
        }
        for (double seconds : label.busy) {
            period = Math.max(period, seconds);
        }
        return Math.max(period, work / speed);
    }
}
