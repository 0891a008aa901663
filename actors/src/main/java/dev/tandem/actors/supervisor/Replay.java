package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.Look.Subject;
import dev.tandem.actors.supervisor.PlanMaker.Matter;
import dev.tandem.actors.supervisor.PlanMaker.Rating;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.adapt.MoveVerdict;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.planner.PlanResult.Planned;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Decides once more what a supervisor has decided, from its recording, and has other rules decide on the same machines at the
 * same times. Plans are made anew, so this takes as long as planning did. Immutable.
 */
public final class Replay {

    private static final double MILLIS_PER_SECOND = 1e3;

    private final Map<String, Subject> subjects = new HashMap<>();
    private final List<Look> looks = new ArrayList<>();

    /**
     * When a plan that serves is replaced.
     *
     * @param coolDown from one plan to the next
     */
    public record Policy(String name, boolean isEnabled, MoveRule rule, Duration coolDown) {}

    /**
     * A decision, made again.
     *
     * @param recorded what was decided
     * @param again what the same rule decides now
     */
    public record Decision(Instant at, long epoch, String model, MoveVerdict recorded, MoveVerdict again) {

        /** Whether both agree, the figures in their reasons included. */
        public boolean isSame() {
            return recorded.equals(again);
        }
    }

    /**
     * What a policy makes of a recording.
     *
     * @param besideBest mean over the time of what the objective counts, of the best plan for the machines as they were beside the
     *     plan that the policy had in place; by prediction, and 1 for always the best
     * @param seconds that the recording is long: from the first look to the last, and its horizon
     */
    public record Outcome(String model, String gateway, Policy policy, int moves, double besideBest, double seconds) {}

    private Replay(List<DecisionLine> lines) {
        for (DecisionLine line : lines) {
            if (line instanceof Subject subject) {
                subjects.put(subject.digest(), subject);
            } else {
                looks.add((Look) line);
            }
        }
    }

    /**
     * Reads a recording.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is no recording, has no looks, or looks at a model that is not in it
     */
    public static Replay of(Path file) throws IOException {
        Replay replay = new Replay(DecisionFile.read(file));
        if (replay.looks.isEmpty()) {
            throw new IllegalArgumentException(file + ": has no looks at a plan.");
        }
        for (Look look : replay.looks) {
            if (!replay.subjects.containsKey(look.digest())) {
                throw new IllegalArgumentException(file + ": has looks at model " + look.model()
                        + " and not the model. Maybe it was cut at its beginning.");
            }
        }
        return replay;
    }

    /** The policy of the last look. */
    public Policy policy() {
        Look last = looks.get(looks.size() - 1);
        return new Policy("as recorded", true, last.rule(), last.coolDown());
    }

    /** All decisions in their order. */
    public List<Decision> decisions() {
        return looks.stream().map(this::again).toList();
    }

    private Decision again(Look look) {
        Matter matter = matter(look, look.inPlace());
        MoveVerdict again = MoveJudge.judge(matter, rate(look, matter), look.others(), look.rule());
        return new Decision(
                Instant.ofEpochMilli(look.atEpochMillis()), look.epoch(), look.model(), look.verdict(), again);
    }

    private static Rating rate(Look look, Matter matter) {
        return new PlanMaker(look.costs()).rate(matter);
    }

    private Matter matter(Look look, Plan inPlace) {
        return look.matter(Objects.requireNonNull(subjects.get(look.digest())), inPlace);
    }

    /** What each policy makes of each model, from the plan that served it first. */
    public List<Outcome> compare(List<Policy> policies) {
        Map<List<String>, List<Look>> models = new LinkedHashMap<>();
        looks.forEach(
                look -> models.computeIfAbsent(List.of(look.digest(), look.gatewayNode()), key -> new ArrayList<>())
                        .add(look));
        return models.values().stream()
                .flatMap(of -> policies.stream().map(policy -> follow(of, policy)))
                .toList();
    }

    private Outcome follow(List<Look> of, Policy policy) {
        Plan inPlace = of.get(0).inPlace();
        long movedMillis = Long.MIN_VALUE / 2;
        int moves = 0;
        double weighted = 0;
        double total = 0;
        for (int i = 0; i < of.size(); i++) {
            Look look = of.get(i);
            double seconds = seconds(of, i);
            inPlace = usable(look, inPlace);
            Matter matter = matter(look, inPlace);
            Rating rating = rate(look, matter);
            double share = besideBest(look.order().objective(), rating);
            if (moves(policy, look, matter, rating, movedMillis) && rating.anew() instanceof Planned planned) {
                double moving = Math.min(seconds, MoveJudge.moveSeconds(matter, rating, planned.plan()));
                weighted += share * moving + (seconds - moving);
                inPlace = planned.plan();
                movedMillis = look.atEpochMillis();
                moves++;
            } else {
                weighted += share * seconds;
            }
            total += seconds;
        }
        return new Outcome(of.get(0).model(), of.get(0).gatewayNode(), policy, moves, weighted / total, total);
    }

    /** What is lost is put back whatever the policy: as it was then, or as it would be planned. */
    private Plan usable(Look look, Plan inPlace) {
        Rating rating = rate(look, matter(look, inPlace));
        if (rating.inPlace() instanceof Planned) {
            return inPlace;
        } else if (rate(look, matter(look, look.inPlace())).inPlace() instanceof Planned) {
            return look.inPlace();
        }
        return rating.anew() instanceof Planned planned ? planned.plan() : inPlace;
    }

    private static boolean moves(Policy policy, Look look, Matter matter, Rating rating, long movedMillis) {
        return policy.isEnabled()
                && look.atEpochMillis() - movedMillis >= policy.coolDown().toMillis()
                && MoveJudge.judge(matter, rating, look.others(), policy.rule()).moves();
    }

    /** Until the next look; the last one holds for its horizon. */
    private static double seconds(List<Look> of, int index) {
        Look look = of.get(index);
        return index + 1 < of.size()
                ? (of.get(index + 1).atEpochMillis() - look.atEpochMillis()) / MILLIS_PER_SECOND
                : look.rule().horizon().toMillis() / MILLIS_PER_SECOND;
    }

    /** A plan that cannot run any more does nothing; where no other can be made either, none is better. */
    private static double besideBest(Objective objective, Rating rating) {
        if (rating.anew() instanceof PlanResult.Refused) {
            return 1;
        } else if (rating.inPlace() instanceof Planned now) {
            double best = objective.value(((Planned) rating.anew()).plan().predicted());
            return Math.min(1, best / objective.value(now.plan().predicted()));
        }
        return 0;
    }
}
