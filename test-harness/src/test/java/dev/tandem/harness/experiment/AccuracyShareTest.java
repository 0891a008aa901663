package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.share.Measure;
import dev.tandem.harness.experiment.share.Outcome;
import dev.tandem.harness.experiment.share.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyShareTest {

    private static final Terminal TERMINAL = Terminal.ofProcess();
    private static final double ROUNDING = 1e-9;

    @Test
    void tandemIsBehindNoneAndWithinTheBound(@TempDir Path folder) throws IOException {
        AccuracyShare experiment = experiment(10, Setting.GIGABIT, Setting.WIRELESS);

        Outcome outcome = experiment.run(settings(folder, List.of()), TERMINAL);

        assertThat(outcome.losses()).isEmpty();
        assertThat(outcome.settings()).hasSize(2).allSatisfy(setting -> {
            assertThat(setting.met()).hasSize(6).allSatisfy(met -> assertThat(met.percent())
                    .isLessThanOrEqualTo(setting.met().get(5).percent()));
            assertThat(setting.met().get(5).percent()).isLessThanOrEqualTo(setting.canMeetPercent());
            for (Measure measure : List.of(
                    Measure.RATE_AT_REQUIRED_ACCURACY,
                    Measure.CORRECT_AT_REQUIRED_RATE,
                    Measure.RATE_AT_EQUAL_ACCURACY,
                    Measure.ACCURACY_AT_EQUAL_RATE)) {
                double tandem = mean(setting, "mean of the four", measure);
                assertThat(tandem).isGreaterThanOrEqualTo(measure.isRatio() ? 1 : 0);
                assertThat(tandem)
                        .isLessThanOrEqualTo(mean(setting, "bound beside the mean of the four", measure) + ROUNDING);
            }
        });
        assertThat(experiment.run(settings(folder, List.of()), TERMINAL)).isEqualTo(outcome);
    }

    @Test
    void writesRequestsPageAndChart(@TempDir Path folder) throws IOException {
        experiment(4, Setting.GIGABIT).run(settings(folder, List.of()), TERMINAL);

        assertThat(Files.readAllLines(folder.resolve("requests.csv")))
                .hasSize(1 + 4)
                .first()
                .asString()
                .startsWith("setting,request,images,required_per_s,required_accuracy,of_bound,bound_per_s");
        assertThat(folder.resolve("accuracy-share.md"))
                .content()
                .contains("tandem experiment accuracy-share --seed 7")
                .contains("| mean of the four | ")
                .contains("## Requests that Tandem loses\n\nNone.");
        assertThat(folder.resolve("accuracy-share.svg")).content().contains("<svg");
    }

    @Test
    void refusesOtherModels(@TempDir Path folder) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> experiment(1, Setting.GIGABIT).run(settings(folder, List.of("vgg-16")), TERMINAL))
                .withMessageContaining("takes no --model [vgg-16]")
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE));
    }

    private static double mean(Outcome.InSetting setting, String other, Measure measure) {
        return setting.all().stream()
                .filter(beside -> beside.other().equals(other))
                .findFirst()
                .orElseThrow()
                .of(measure)
                .orElseThrow()
                .mean();
    }

    private static AccuracyShare experiment(int requests, Setting... joined) {
        return new AccuracyShare(requests, List.of(joined), () -> Path.of("../deploy/conf/asp-dac-boards.conf"));
    }

    private static Experiment.Settings settings(Path folder, List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 7, Optional.of(folder));
    }
}
