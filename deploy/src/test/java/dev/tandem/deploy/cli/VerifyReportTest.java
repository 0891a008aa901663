package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.planner.Scheme;
import dev.tandem.deploy.tensor.Comparison;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyReportTest {

    private static final Path MODEL = Path.of("folder", "m.onnx");
    private static final Division DIVISION = new Division(Scheme.ROWS, 2, 2);
    private static final PlanView PLAN =
            new PlanView("m", "rows", 2, 3, 2, 0.01, 120, "compute", Map.of(), null, List.of());

    private final CapturedTerminal captured = CapturedTerminal.unwatched();

    @Test
    void passesWhenNothingFails() {
        assertThat(report(true, row(1e-7), refused()).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(captured.out().lines().toList().get(0))
                .isEqualTo("{\"model\":\"" + MODEL + "\",\"scheme\":\"rows\",\"nodes\":2,\"stages\":3,\"shards\":2,"
                        + "\"samples\":4,\"maxAbsError\":1.0E-7,\"maxRelError\":1.0E-7,\"tolerance\":1.0E-4,"
                        + "\"pass\":true,\"refused\":false}");
        assertThat(captured.out().lines()).hasSize(2);
    }

    @Test
    void failsWhenOneRowFails() {
        VerifyReport report = report(false, row(1e-7), row(1e-3));
        report.finish();

        assertThat(report.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(captured.out()).contains("m.onnx", "1.0e-03", "FAIL", "pass");
    }

    @Test
    void isRefusedWhenNothingFits() {
        assertThat(report(true, refused()).exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(captured.out()).contains("\"reason\":\"too few rows\"");
        assertThat(captured.err()).contains("refused: too few rows");
    }

    @Test
    void showsWhyTensorsCannotBeCompared() {
        Comparison unlike = new Comparison(
                Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Optional.of("element 3 is NaN instead of 1.0"));

        VerifyReport report = report(true, VerifyRow.measured(MODEL, DIVISION, PLAN, 4, unlike, 1e-4));

        assertThat(report.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(captured.out()).contains("element 3 is NaN").doesNotContain("Infinity");
    }

    private VerifyReport report(boolean json, VerifyRow... rows) {
        VerifyReport report = new VerifyReport(captured.terminal(), json);
        List.of(rows).forEach(report::add);
        return report;
    }

    private static VerifyRow row(double error) {
        return VerifyRow.measured(MODEL, DIVISION, PLAN, 4, new Comparison(error, error, Optional.empty()), 1e-4);
    }

    private static VerifyRow refused() {
        return VerifyRow.refused(MODEL, DIVISION, 4, "too few rows");
    }
}
