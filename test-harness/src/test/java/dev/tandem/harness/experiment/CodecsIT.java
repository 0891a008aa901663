package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.core.plan.Codec;
import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes, a real model, real pictures: every edge of a pipeline is coded, and the wire has fewer bytes. */
class CodecsIT {

    private static final int PICTURES = 40;

    @Tag("nightly")
    @Test
    void codesEveryEdgeOfAPipeline() throws Exception {
        Path data = Path.of(System.getProperty("tandem.test.data", ""));
        assumeTrue(
                Files.isDirectory(data.resolve("models")),
                "real models are needed; set TANDEM_TEST_DATA to the folder that holds them (now: " + data + ")");

        Codecs.Outcome outcome = new Codecs()
                .run(
                        new Experiment.Settings(List.of("resnet20_cifar10"), 1, 0.01, Optional.of(data), PICTURES),
                        Terminal.ofProcess());

        assertThat(outcome.featureMaps()).hasSize(Codec.values().length);
        assertThat(outcome.answers()).hasSize(Codec.values().length).allSatisfy(answers -> {
            assertThat(answers.images()).isEqualTo(PICTURES);
            assertThat(answers.sameClass()).isGreaterThanOrEqualTo(PICTURES * 9 / 10);
        });
        assertThat(bytes(outcome, Codec.FLOAT16)).isBetween(0.45, 0.55);
        assertThat(bytes(outcome, Codec.INT8)).isBetween(0.2, 0.35);
    }

    /** On the wire per request, as a share of those of the codec that is exact. */
    private static double bytes(Codecs.Outcome outcome, Codec codec) {
        return outcome.answers().stream()
                        .filter(answers -> answers.codec().equals(codec.toString()))
                        .findFirst()
                        .orElseThrow()
                        .bytesPerRequest()
                / outcome.answers().get(0).bytesPerRequest();
    }
}
