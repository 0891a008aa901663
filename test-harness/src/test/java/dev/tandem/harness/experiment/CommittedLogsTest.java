package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.harness.experiment.batch.BatchTrial;
import dev.tandem.harness.experiment.batch.DeclaredAccuracy;
import dev.tandem.harness.experiment.batch.VariantRate;
import dev.tandem.harness.experiment.drift.DriftTrial;
import dev.tandem.harness.experiment.emulated.LineLog;
import dev.tandem.harness.experiment.emulated.Refusal;
import dev.tandem.harness.experiment.emulated.Run;
import dev.tandem.harness.experiment.links.LinkTrial;
import dev.tandem.harness.experiment.memory.MemoryRound;
import dev.tandem.harness.experiment.survival.NoiseTrial;
import dev.tandem.harness.experiment.survival.OverloadTrial;
import dev.tandem.harness.experiment.survival.SoakTrial;
import dev.tandem.harness.experiment.survival.SurvivalTrial;
import dev.tandem.harness.experiment.survival.UpheavalTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Experiments can go on from the measurements that lie beside their pages. */
class CommittedLogsTest {

    private static final Path FOLDER = Path.of("..", "deploy", "docs", "results", "emulated");

    /** Written only, by {@code Timeline}. */
    private static final String FAULTS = "-faults.jsonl";

    /** In the names of logs that are of this model. */
    private static final String OTHER_MODEL = "-resnet-50";

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("emulated-accuracy.jsonl", BatchTrial.class),
            Map.entry("emulated-accuracy-declared.jsonl", DeclaredAccuracy.class),
            Map.entry("emulated-accuracy-rates.jsonl", VariantRate.class),
            Map.entry("emulated-drift.jsonl", DriftTrial.class),
            Map.entry("emulated-edgedi.jsonl", Run.class),
            Map.entry("emulated-hidp.jsonl", Run.class),
            Map.entry("emulated-hidp-refused.jsonl", Refusal.class),
            Map.entry("emulated-links.jsonl", LinkTrial.class),
            Map.entry("emulated-memory.jsonl", MemoryRound.class),
            Map.entry("emulated-noise.jsonl", NoiseTrial.class),
            Map.entry("emulated-overload.jsonl", OverloadTrial.class),
            Map.entry("emulated-pipelines.jsonl", Run.class),
            Map.entry("emulated-pipelines-refused.jsonl", Refusal.class),
            Map.entry("emulated-soak.jsonl", SoakTrial.class),
            Map.entry("emulated-survival.jsonl", SurvivalTrial.class),
            Map.entry("emulated-survival-capacity.jsonl", EmulatedSurvival.Capacity.class),
            Map.entry("emulated-upheaval.jsonl", UpheavalTrial.class));

    private static List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .filter(file -> !file.toString().endsWith(FAULTS))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("logs")
    void everyLineCanBeRead(Path file) throws IOException {
        Class<?> type =
                TYPES.get(Objects.requireNonNull(file.getFileName()).toString().replace(OTHER_MODEL, ""));
        long lines = Files.readAllLines(file).size();

        assertThat(type).isNotNull();
        assertThat(new LineLog<>(file, Objects.requireNonNull(type)).lines()).hasSize((int) lines);
    }
}
