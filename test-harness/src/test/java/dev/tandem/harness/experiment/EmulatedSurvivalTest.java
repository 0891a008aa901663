package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.deploy.cli.Terminal;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.survival.Breakage;
import dev.tandem.harness.experiment.survival.Cover;
import dev.tandem.harness.experiment.survival.GatewayLoss;
import dev.tandem.harness.experiment.survival.Survival;
import dev.tandem.harness.experiment.survival.SurvivalTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmulatedSurvivalTest {

    private static final String BED = "five-alike";

    private final EmulatedSurvival experiment = new EmulatedSurvival();

    @TempDir
    private Path out = Path.of("");

    @Test
    void isOpenUntilEachNodeWasLostInEachWayInEachRound() throws IOException {
        List<SurvivalTrial> all = new ArrayList<>();
        for (String node : List.of("one", "two", "three", "four", "five")) {
            for (Breakage breakage : Breakage.values()) {
                all.add(trial(new SurvivalTrial.Cell(BED, Cover.LANES, breakage, node, 1)));
            }
            all.add(trial(new SurvivalTrial.Cell(BED, Cover.PIPELINE, Breakage.KILL, node, 1)));
            all.add(trial(new SurvivalTrial.Cell(BED, Cover.STANDBY, Breakage.KILL, node, 1)));
        }
        for (Breakage breakage : List.of(Breakage.KILL, Breakage.STOP)) {
            all.add(trial(new SurvivalTrial.Cell(BED, Cover.LANES, breakage, GatewayLoss.GATEWAY, 1)));
            all.add(trial(new SurvivalTrial.Cell(BED, Cover.PIPELINE, breakage, Survival.SUPERVISOR, 1)));
        }
        all.add(trial(new SurvivalTrial.Cell(BED, Cover.NONE, Breakage.KILL, "three", 1)));
        LineLog<SurvivalTrial> log = new LineLog<>(experiment.logFile(out, settings(1)), SurvivalTrial.class);

        log.add(all.subList(1, all.size()));
        assertThat(experiment.isOpen(BED, out, settings(1))).isTrue();
        log.add(all.subList(0, 1));
        assertThat(experiment.isOpen(BED, out, settings(1))).isFalse();
        assertThat(experiment.isOpen(BED, out, settings(2))).isTrue();
    }

    @Test
    void keepsModelsApart() {
        assertThat(experiment.title(settings(List.of()))).isEqualTo("emulated-survival");
        assertThat(experiment.title(settings(List.of("mobilenet-v1-0.25")))).isEqualTo("emulated-survival");
        assertThat(experiment.title(settings(List.of("resnet-50")))).isEqualTo("emulated-survival-resnet-50");
        assertThat(experiment.commandLine(settings(List.of("resnet-50")), "--rounds 1"))
                .isEqualTo("tandem experiment emulated-survival --model resnet-50 --rounds 1 --out DIR");
    }

    @Test
    void refusesModelsThatItCannotBeMadeWith() {
        Terminal terminal = new Terminal(System.out, System.err, false, false);

        assertThatThrownBy(() -> experiment.prepare(out, settings(List.of("resnet-50", "vgg-16")), terminal))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("takes one --model, not [resnet-50, vgg-16]");
        assertThatThrownBy(() -> experiment.prepare(out, settings(List.of("resnet-5")), terminal))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("no architecture 'resnet-5'");
    }

    private static SurvivalTrial trial(SurvivalTrial.Cell which) {
        return new SurvivalTrial(which, false, true, "plan", 300, 210, 100, List.of(), 0, 0.01, 0.03, 0.5, 0.6, 0.02);
    }

    private Experiment.Settings settings(int rounds) {
        return new Experiment.Settings(List.of(), rounds, 1, Optional.empty(), 1, 1, Optional.of(out));
    }

    private Experiment.Settings settings(List<String> models) {
        return new Experiment.Settings(models, 1, 1, Optional.empty(), 1, 1, Optional.of(out));
    }
}
