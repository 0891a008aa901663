package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.ExitCode;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.kpath.Outcome;
import dev.tandem.harness.experiment.kpath.Technique;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParthasarathyTest {

    private static final Terminal TERMINAL = Terminal.ofProcess();

    @Test
    void isOnTheBoundAndLosesToNoPlacement(@TempDir Path folder) throws IOException {
        Outcome outcome = (Outcome) new Parthasarathy(4, List.of(5, 10)).run(settings(folder, List.of()), TERMINAL);

        assertThat(outcome.sizes()).hasSize(3);
        assertThat(outcome.sizes().get(2).figures().gap()).isZero();
        assertThat(outcome.losses()).allMatch(loss -> loss.isOverfull());
        assertThat(outcome.sizes().get(2).figures().ratioOfMeans(Technique.RANDOM))
                .isGreaterThan(2);
        assertThat(outcome.refusals())
                .singleElement()
                .asString()
                .startsWith(
                        "InceptionResNetV2 on 5 nodes of 64 MB: the chain must be held by at most 5 nodes, and takes "
                                + "at least 6 pieces");
        assertThat(new Parthasarathy(4, List.of(5, 10)).run(settings(folder, List.of()), TERMINAL))
                .isEqualTo(outcome);
    }

    @Test
    void writesTrialsPageAndChart(@TempDir Path folder) throws IOException {
        new Parthasarathy(2, List.of(5, 10)).run(settings(folder, List.of("ResNet50")), TERMINAL);

        assertThat(Files.readAllLines(folder.resolve("trials.csv")))
                .hasSize(1 + 2 * 2 * 2)
                .first()
                .asString()
                .startsWith("model,capacity_mb,nodes,trial,pieces,tandem_s,bound_s,k_path_s");
        assertThat(folder.resolve("parthasarathy.md"))
                .content()
                .contains("tandem experiment parthasarathy --seed 7 --model ResNet50")
                .contains("| ResNet50 | 64 | 5 | 2 |");
        assertThat(folder.resolve("parthasarathy.svg"))
                .content()
                .contains("<svg")
                .contains("<circle");
    }

    @Test
    void refusesModelsThatItHasNoListOf(@TempDir Path folder) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> new Parthasarathy().run(settings(folder, List.of("resnet-50")), TERMINAL))
                .withMessageContaining("no layer list of model 'resnet-50'; there is MobileNetV2, EfficientNetB1")
                .satisfies(refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE));
    }

    private static Experiment.Settings settings(Path folder, List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 7, Optional.of(folder));
    }
}
