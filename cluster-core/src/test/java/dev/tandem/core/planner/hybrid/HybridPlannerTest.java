package dev.tandem.core.planner.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HybridPlannerTest {

    /** What came of instances: plans tried, and answers by whether there is one and whether several stages are best. */
    private static final class Tally {
        long tried;
        int infeasible;
        int whole;
        int pipelines;
        int divided;

        void add(Plan plan) {
            boolean isDivided = plan.lanes().get(0).stages().stream()
                    .anyMatch(stage -> stage.shards().size() > 1);
            boolean hasStages = plan.lanes().get(0).stages().size() > 1;
            divided += isDivided ? 1 : 0;
            pipelines += hasStages && !isDivided ? 1 : 0;
            whole += hasStages || isDivided ? 0 : 1;
        }
    }

    @Test
    void findsWhatTryingAllPlansFinds() {
        Tally tally = new Tally();
        for (int seed = 0; seed < 60; seed++) {
            compare(Instance.random(seed, 3_000), tally);
        }
        assertThat(tally.tried).isGreaterThan(10_000);
        assertThat(tally.whole).isGreaterThan(10);
        assertThat(tally.pipelines).isGreaterThan(5);
        assertThat(tally.divided).isGreaterThan(10);
        assertThat(tally.infeasible).isBetween(1, 60);
    }

    @Test
    @Tag("nightly")
    void findsWhatTryingAllPlansFindsOnAThousandInstances() {
        Tally tally = new Tally();
        for (int seed = 0; seed < 1_000; seed++) {
            compare(Instance.random(seed, 20_000), tally);
        }
        assertThat(tally.tried).isGreaterThan(1_000_000);
    }

    private static void compare(Instance instance, Tally tally) {
        List<Plan> plans = new ArrayList<>();
        tally.tried += AllPlans.forEach(instance.request(Objective.LATENCY), instance.limits(), plans::add);
        Random random = new Random(instance.seed());
        for (Objective objective : Objective.values()) {
            Constraints constraints = constraints(random, plans);
            Optional<Plan> found = new HybridPlanner(instance.limits(), constraints)
                    .best(instance.request(objective), Double.POSITIVE_INFINITY);
            OptionalDouble best = plans.stream()
                    .filter(constraints::areKeptBy)
                    .mapToDouble(plan -> objective.value(plan.predicted()))
                    .min();
            assertThat(found.isPresent())
                    .as("%s under %s: %s", objective, constraints, instance)
                    .isEqualTo(best.isPresent());
            found.ifPresent(plan -> {
                tally.add(plan);
                assertThat(objective.value(plan.predicted()))
                        .as("%s under %s: %s", objective, constraints, instance)
                        .isCloseTo(best.orElseThrow(), withinPercentage(1e-7));
                assertThat(PlanCheck.problems(plan, instance.graph(), instance.topology()))
                        .isEmpty();
            });
            tally.infeasible += found.isPresent() ? 0 : 1;
        }
    }

    /** None, or bounds that one plan just meets. */
    private static Constraints constraints(Random random, List<Plan> plans) {
        if (plans.isEmpty() || random.nextInt(3) > 0) {
            return Constraints.NONE;
        }
        PlanScore some = plans.get(random.nextInt(plans.size())).predicted();
        Constraints any = Constraints.NONE;
        return switch (random.nextInt(4)) {
            case 0 -> any.withMaxLatencySeconds(some.latencySeconds() * 1.001);
            case 1 -> any.withMinThroughputPerSecond(some.throughputPerSecond() / 1.001);
            case 2 -> any.withMaxEnergyJoules(some.energy().orElseThrow().requestJoules() * 1.001);
            default ->
                any.withMaxLatencySeconds(some.latencySeconds() * 1.001)
                        .withMinThroughputPerSecond(some.throughputPerSecond() / 1.001);
        };
    }
}
