package dev.tandem.core.planner.hybrid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.planner.LowerBound;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.PlanRequest;
import org.junit.jupiter.api.Test;

class LowerBoundTest {

    @Test
    void isBeatenByNoPlan() {
        double closest = Double.POSITIVE_INFINITY;
        long plans = 0;
        for (int seed = 1_000; seed < 1_040; seed++) {
            Instance instance = Instance.random(seed, 1_000);
            for (Objective objective : Objective.values()) {
                PlanRequest request = instance.request(objective);
                double bound = LowerBound.of(request);
                double[] least = {Double.POSITIVE_INFINITY};
                plans += AllPlans.forEach(
                        request,
                        instance.limits(),
                        plan -> least[0] = Math.min(least[0], objective.value(plan.predicted())));
                assertThat(bound)
                        .as("%s: %s", objective, instance)
                        .isPositive()
                        .isLessThanOrEqualTo(least[0] * (1 + 1e-9));
                closest = Math.min(closest, least[0] / bound);
            }
        }
        assertThat(plans).isGreaterThan(10_000);
        assertThat(closest).isLessThan(1.05);
    }
}
