package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.tensor.Comparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyPageTest {

    private static final PlanView PLAN =
            new PlanView("m", "rows", 2, 3, 2, 0.01, 120, "compute", Map.of(), null, List.of());

    @Test
    void hasALineForEachModelAndAReasonForWhatDoesNotApply(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("page.md");
        Division rows = new Division(Scheme.ROWS, 2, 2);
        Division grid = new Division(Scheme.GRID, 2, 2);

        VerifyPage.write(
                file,
                List.of(
                        measured("a.onnx", rows, 0),
                        measured("a.onnx", rows, 1e-7),
                        VerifyRow.refused(Path.of("a.onnx"), grid, 1, "too small"),
                        measured("b.onnx", rows, 1e-2),
                        VerifyRow.refused(Path.of("b.onnx"), grid, 1, "too\n small")));

        assertThat(Files.readString(file))
                .contains(
                        "| model | rows | grid |",
                        "| a.onnx | 0, 1.0e-07 | does not apply (1) |",
                        "| b.onnx | FAIL 1.0e-02 | does not apply (1) |",
                        "1. too small\n");
    }

    private static VerifyRow measured(String model, Division division, double difference) {
        Comparison worst = new Comparison(difference, difference, Optional.empty());
        return VerifyRow.measured(Path.of(model), division, PLAN, 1, worst, 1e-4);
    }
}
