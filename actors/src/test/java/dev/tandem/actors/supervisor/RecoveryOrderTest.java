package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.SettingsLoader;
import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryOrderTest {

    private static final PlanPolicy POLICY =
            PlanPolicy.of(SettingsLoader.load().settings().cluster());

    @Test
    void asksNothingOfHalosWhereNothingCanBeDividedAnyMore() {
        DeployOrder order = new DeployOrder(Scheme.ROWS, Objective.LATENCY, 2, 2).halo(Optional.of(Halo.EXCHANGE));

        PlanOrder both = DeployQueue.recoveryOrder(POLICY.complete(order, 2), 2, 2);
        PlanOrder one = DeployQueue.recoveryOrder(POLICY.complete(order, 1), 1, 1);

        assertThat(both.scheme()).isEqualTo(Scheme.ROWS);
        assertThat(both.halo()).isEqualTo(Halo.EXCHANGE);
        assertThat(one.scheme()).isEqualTo(Scheme.SINGLE);
        assertThat(one.halo()).isEqualTo(Halo.CHOSEN);
    }
}
