package dev.tandem.core.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoppableBudgetTest {

    @Test
    void isSpentWhenItIsStoppedAndSoIsWhatWasRenewedOfIt() {
        StoppableBudget budget = new StoppableBudget(PlanBudget.UNLIMITED);
        PlanBudget renewed = budget.renewed();
        assertThat(budget.isSpent()).isFalse();
        assertThat(renewed.isSpent()).isFalse();

        budget.stop();

        assertThat(budget.isSpent()).isTrue();
        assertThat(renewed.isSpent()).isTrue();
    }

    @Test
    void isSpentWithTheBudgetThatItIsOf() {
        assertThat(new StoppableBudget(PlanBudget.of(Duration.ZERO)).isSpent()).isTrue();
    }
}
