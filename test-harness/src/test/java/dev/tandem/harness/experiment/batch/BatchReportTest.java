package dev.tandem.harness.experiment.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.harness.experiment.emulated.LineLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchReportTest {

    private static final int IMAGES = 40;

    /** All as declared, but for three images fewer right. */
    private static final List<BatchTrial> TRIALS =
            BatchPlans.of(BatchPlans.cells("bed", 1), Samples.DECLARED, Samples.RATES, IMAGES).stream()
                    .map(planned -> planned.measured(
                            IMAGES / planned.shares().imagesPerSecond(),
                            (int) Math.round(IMAGES * planned.shares().accuracy()) - 3))
                    .toList();

    private static final BatchOutcome OUTCOME = BatchOutcome.of("tandem experiment", Samples.DECLARED, TRIALS);

    @Test
    void comparesTandemWithEachInTheSameRound() {
        BatchOutcome.Strategy uniform = OUTCOME.strategies().get(0);
        BatchOutcome.Strategy tandem = OUTCOME.strategies().get(4);

        assertThat(uniform.strategy()).isEqualTo(ShareStrategy.UNIFORM);
        assertThat(Objects.requireNonNull(uniform.rateRatioAtAccuracy()).mean()).isGreaterThan(1.5);
        assertThat(Objects.requireNonNull(uniform.pointsAtAccuracy()).mean()).isZero();
        assertThat(tandem.rateRatio()).isNull();
        assertThat(tandem.declaredMet()).isEqualTo(100);
        assertThat(tandem.inTime()).isEqualTo(100);
        assertThat(tandem.met()).isLessThanOrEqualTo(tandem.accurate());
        assertThat(OUTCOME.rateError()).isCloseTo(0, within(1e-9));
    }

    @Test
    void lateBatchIsNotInTimeBeyondTheTolerance() {
        BatchTrial trial = TRIALS.get(0);

        assertThat(taking(trial, trial.images() / trial.requiredRate() * 1.04).isInTime())
                .isTrue();
        assertThat(taking(trial, trial.images() / trial.requiredRate() * 1.06).isInTime())
                .isFalse();
    }

    @Test
    void writesBatchesPageAndCharts(@TempDir Path folder) throws IOException {
        BatchReport.write(folder, OUTCOME, TRIALS, Samples.RATES);

        assertThat(Files.readAllLines(folder.resolve("emulated-accuracy.csv")))
                .hasSize(1 + TRIALS.size())
                .first()
                .asString()
                .startsWith("demand,strategy,by_tandem_at_its_accuracy,round,images,required_per_s");
        assertThat(folder.resolve("emulated-accuracy.md"))
                .content()
                .contains("| large | 0.8800 | 11.0 | 35.0 |")
                .contains("| Tandem | 4 | 100 | 100 | ")
                .contains("| easy | uniform | ")
                .contains("slow 20 x large; fast 20 x large");
        assertThat(folder.resolve("emulated-accuracy-rate.svg")).content().contains("<svg");
        assertThat(folder.resolve("emulated-accuracy-accuracy.svg")).content().contains("<svg");
    }

    @Test
    void isReadFromItsLogAsItWas(@TempDir Path folder) throws IOException {
        LineLog<BatchTrial> log = new LineLog<>(folder.resolve("log.jsonl"), BatchTrial.class);

        log.add(TRIALS);

        assertThat(log.lines()).isEqualTo(TRIALS);
    }

    private static BatchTrial taking(BatchTrial trial, double seconds) {
        return new BatchTrial(
                trial.which(),
                trial.images(),
                trial.requiredRate(),
                trial.requiredAccuracy(),
                trial.lanes(),
                trial.declaredRate(),
                trial.declaredAccuracy(),
                seconds,
                trial.correct());
    }
}
