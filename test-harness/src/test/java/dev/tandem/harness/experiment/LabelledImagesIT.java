package dev.tandem.harness.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.deploy.cli.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real processes, real models, real pictures: three nodes give every picture the class that the unsplit model gives. */
@Tag("nightly")
class LabelledImagesIT {

    @Test
    void threeNodesGiveEveryPictureTheSameClass() throws Exception {
        assertSameClasses(10);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void threeNodesGiveEveryPictureOfTheDataSetsTheSameClass() throws Exception {
        assertSameClasses(10_000);
    }

    private static void assertSameClasses(int limit) throws Exception {
        Path data = Path.of(System.getProperty("tandem.test.data", ""));
        assumeTrue(
                Files.isDirectory(data.resolve("models")),
                "real models are needed; set TANDEM_TEST_DATA to the folder that holds them (now: " + data + ")");

        List<LabelledImages.Result> results = new LabelledImages()
                .run(new Experiment.Settings(List.of(), 1, 1, Optional.of(data), limit), Terminal.ofProcess());

        assertThat(results).isNotEmpty().allSatisfy(result -> {
            assertThat(result.refusal()).isNull();
            assertThat(result.sameClass()).isEqualTo(result.images());
            assertThat(result.correctSplit()).isEqualTo(result.correctUnsplit()).isGreaterThan(result.images() / 2);
        });
    }
}
