package dev.tandem.core.planner.hybrid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanCheck;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
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
        assertThat(tally.tried).isGreaterThan(3_000_000);
    }

    private static void compare(Instance instance, Tally tally) {
        Map<Objective, Double> best = new EnumMap<>(Objective.class);
        tally.tried +=
                AllPlans.forEach(instance.request(Objective.LATENCY), instance.limits(), plan -> keepBest(best, plan));
        for (Objective objective : Objective.values()) {
            PlanRequest request = instance.request(objective);
            Optional<Plan> found = new HybridPlanner(instance.limits()).best(request, Double.POSITIVE_INFINITY);
            double expected = best.getOrDefault(objective, Double.POSITIVE_INFINITY);
            assertThat(found.isPresent()).as("%s: %s", objective, instance).isEqualTo(Double.isFinite(expected));
            found.ifPresent(plan -> {
                tally.add(plan);
                assertThat(objective.seconds(plan.predicted()))
                        .as("%s: %s", objective, instance)
                        .isCloseTo(expected, within(1e-9 * expected));
                assertThat(PlanCheck.problems(plan, request.graph(), request.topology()))
                        .isEmpty();
            });
            tally.infeasible += found.isPresent() ? 0 : 1;
        }
    }

    private static void keepBest(Map<Objective, Double> best, Plan plan) {
        for (Objective objective : Objective.values()) {
            best.merge(objective, objective.seconds(plan.predicted()), Math::min);
        }
    }
}
