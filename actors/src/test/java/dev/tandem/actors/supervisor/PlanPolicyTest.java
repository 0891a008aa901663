package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.PlannerObjective;
import dev.tandem.config.PlannerScheme;
import dev.tandem.config.PlannerSettings;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanPolicyTest {

    @Test
    void hasTheSameObjectivesAndSchemesAsTheSettings() {
        for (PlannerObjective objective : PlannerObjective.values()) {
            for (PlannerScheme scheme : PlannerScheme.values()) {
                PlanPolicy policy =
                        PlanPolicy.of(new PlannerSettings(objective, scheme, 3, List.of("a"), Duration.ZERO, 0, 0));

                assertThat(policy.objective()).isEqualTo(Objective.valueOf(objective.name()));
                assertThat(policy.scheme()).isEqualTo(Scheme.valueOf(scheme.name()));
            }
        }
    }

    @Test
    void takesZeroForNoBound() {
        assertThat(constraints(Duration.ZERO, 0, 0)).isEqualTo(Constraints.NONE.withMaxNodes(3));
        assertThat(constraints(Duration.ofMillis(50), 2.5, 0.8)).isEqualTo(new Constraints(3, 0.05, 2.5, 0.8));
    }

    private static Constraints constraints(Duration maxLatency, double minThroughput, double maxEnergyJoules) {
        return PlanPolicy.of(new PlannerSettings(
                        PlannerObjective.LATENCY,
                        PlannerScheme.AUTO,
                        3,
                        List.of(),
                        maxLatency,
                        minThroughput,
                        maxEnergyJoules))
                .constraints();
    }
}
