package dev.tandem.core.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.Objective;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MoveRuleTest {

    private static final MoveRule RULE = new MoveRule(0.15, Duration.ofSeconds(60));

    @Test
    void movesForAGainThatPays() {
        MoveVerdict verdict = judge(score(100, 10), score(200, 20), 2);

        assertThat(verdict.moves()).isTrue();
        assertThat(verdict.reason())
                .isEqualTo(
                        "100.000 ms would become 50.000 ms, which saves 50 % and pays for 2.0 s of moving within 60 s");
    }

    @Test
    void staysForASmallGain() {
        MoveVerdict verdict = judge(score(100, 10), score(100, 11), 0);

        assertThat(verdict.moves()).isFalse();
        assertThat(verdict.reason()).isEqualTo("100.000 ms would become 90.909 ms, which saves less than 15 %");
    }

    @Test
    void staysWhenMovingTakesTooLong() {
        MoveVerdict verdict = judge(score(100, 10), score(100, 20), 31);

        assertThat(verdict.moves()).isFalse();
        assertThat(verdict.reason()).endsWith("saves 50 % and does not pay for 31.0 s of moving within 60 s");
    }

    @Test
    void countsWhatTheObjectiveCounts() {
        PlanScore inPlace = score(100, 10);
        PlanScore quicker = score(50, 10);

        assertThat(RULE.judge(Objective.LATENCY, inPlace, quicker, Optional.empty(), 1)
                        .moves())
                .isTrue();
        assertThat(RULE.judge(Objective.THROUGHPUT, inPlace, quicker, Optional.empty(), 1)
                        .moves())
                .isFalse();
    }

    @Test
    void movesWhateverItSavesWhenABoundIsBroken() {
        MoveVerdict verdict = RULE.judge(
                Objective.THROUGHPUT, score(100, 10), score(90, 9), Optional.of("100 ms, above the bound"), 1000);

        assertThat(verdict).isEqualTo(new MoveVerdict(true, "the plan in place now has 100 ms, above the bound"));
    }

    @Test
    void refusesAGainThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MoveRule(1, Duration.ofSeconds(1)))
                .withMessageContaining("leastGain (1.0) must be at least 0 and below 1");
    }

    private static MoveVerdict judge(PlanScore inPlace, PlanScore other, double moveSeconds) {
        return RULE.judge(Objective.THROUGHPUT, inPlace, other, Optional.empty(), moveSeconds);
    }

    private static PlanScore score(double latencyMillis, double perSecond) {
        return new PlanScore(latencyMillis / 1e3, perSecond, List.of(), "nothing");
    }
}
