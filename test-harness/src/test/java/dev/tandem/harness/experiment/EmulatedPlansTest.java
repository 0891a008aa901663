package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.planner.Objective;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.emulated.Refusal;
import dev.tandem.harness.experiment.emulated.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedPlansTest {

    private static final String BED = "five";
    private static final String MODEL = "resnet-18";

    private final EmulatedPlans experiment = new EmulatedHiDp();

    @TempDir
    private Path out = Path.of("");

    @Test
    void isOpenUntilEachPlannerWasMeasuredInEachRound() throws IOException {
        List<Run> all = rounds(1, 2);

        assertThat(experiment.isOpen(BED, out, settings(2))).isTrue();
        log().add(all.subList(1, all.size()));
        assertThat(experiment.isOpen(BED, out, settings(2))).isTrue();
        log().add(all.subList(0, 1));
        assertThat(experiment.isOpen(BED, out, settings(2))).isFalse();
        assertThat(experiment.isOpen(BED, out, settings(3))).isTrue();
        assertThat(experiment.isOpen("another", out, settings(2))).isTrue();
    }

    @Test
    void waitsForNoPlannerThatHasNoPlan() throws IOException {
        log().add(rounds(1).stream()
                .filter(run -> !run.which().planner().equals("modnn"))
                .toList());
        LineLog<Refusal> refused = new LineLog<>(out.resolve("emulated-hidp-refused.jsonl"), Refusal.class);

        refused.add(List.of(refusal(BED, Objective.LATENCY), refusal("another", Objective.THROUGHPUT)));
        assertThat(experiment.isOpen(BED, out, settings(1))).isTrue();
        refused.add(List.of(refusal(BED, Objective.THROUGHPUT)));
        assertThat(experiment.isOpen(BED, out, settings(1))).isFalse();
    }

    private List<Run> rounds(int... rounds) {
        return Arrays.stream(rounds)
                .boxed()
                .flatMap(round -> experiment.cases(settings(1)).stream()
                        .map(which -> which.on(BED, round))
                        .map(EmulatedPlansTest::run))
                .toList();
    }

    private static Run run(Run.Cell cell) {
        return new Run(cell, "plan", "lanes", 1, 1, 1, 1, Optional.empty(), Map.of(), Optional.empty());
    }

    private static Refusal refusal(String bed, Objective aim) {
        return new Refusal(bed, MODEL, "modnn", aim, "no room");
    }

    private LineLog<Run> log() {
        return new LineLog<>(experiment.logFile(out), Run.class);
    }

    private Experiment.Settings settings(int rounds) {
        return new Experiment.Settings(List.of(MODEL), rounds, 1, Optional.empty(), 1, 1, Optional.of(out));
    }
}
