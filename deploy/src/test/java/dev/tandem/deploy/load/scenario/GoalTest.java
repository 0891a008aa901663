package dev.tandem.deploy.load.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoalTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void refusesAServerWithoutABoundAndABoundWithoutAServer() {
        assertThatThrownBy(() -> new Goal(Scenario.SERVER, 99, null, SECOND, 1, 1))
                .hasMessageContaining("latencyBound (null) must be given for the server scenario");
        assertThatThrownBy(() -> new Goal(Scenario.OFFLINE, 99, SECOND, SECOND, 1, 1))
                .hasMessageContaining("and for it alone");
        assertThatThrownBy(() -> new Goal(Scenario.SERVER, 99, Duration.ZERO, SECOND, 1, 1))
                .hasMessageContaining("latencyBound (PT0S) must be above 0");
    }

    @Test
    void refusesARunThatEndsBeforeAServerFellBehind() {
        assertThatThrownBy(() -> new Goal(Scenario.SERVER, 99, Duration.ofMillis(101), SECOND, 1, 1))
                .hasMessageContaining("minDuration (PT1S) must be at least 10 times latencyBound (PT0.101S)");
    }

    @Test
    void refusesNoTimeNoQueriesAndNoPercentile() {
        assertThatThrownBy(() -> new Goal(Scenario.OFFLINE, 90, null, Duration.ZERO, 1, 1))
                .hasMessageContaining("minDuration (PT0S) must be above 0");
        assertThatThrownBy(() -> new Goal(Scenario.OFFLINE, 90, null, SECOND, 0, 1))
                .hasMessageContaining("minQueries (0) at least 1");
        assertThatThrownBy(() -> new Goal(Scenario.SINGLE_STREAM, 0, null, SECOND, 1, 1))
                .hasMessageContaining("percentile (0.0)");
    }
}
