package dev.tandem.harness.experiment.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.core.planner.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {

    private static final long SEED = 5;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void writesFiguresPageAndCharts() throws IOException {
        List<Run> runs = experiment(List.of("a", "b,c"), 3);

        ReportFiles.write(folder.resolve("new"), "trial", "A trial", "tandem experiment trial", runs, List.of());

        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "trial.csv", "trial.md", "trial.svg", "trial-latency.svg", "trial-throughput.svg");
        }
        assertThat(Files.readAllLines(folder.resolve("new/trial.csv")))
                .hasSize(1 + runs.size())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("five,\"b,c\",hidp,throughput,3,1/s,")
                        .contains(",10,", ",0.500000,a/cpu=0.500;b/gpu=0.250,hidp,hidp: 0-3 "));
        assertThat(Files.readString(folder.resolve("new/trial.md")))
                .startsWith("# A trial\n\n    tandem experiment trial\n\n48 measurements")
                .contains(
                        "## Tandem beside the others",
                        "## Where Tandem is not ahead",
                        "## Figures",
                        "## Energy",
                        "## Predicted against measured",
                        "## Is the plan that is said to be the best the best?",
                        "## What Tandem's plans keep busy",
                        "* hidp (rounds 1, 2, 3), 2 side by side:\n    * `0-3 a/cpu > 3-9 b/gpu+b/cpu`\n    * `0-9 a/cpu`")
                .doesNotContain("ideal");
        assertThat(Files.readString(folder.resolve("new/trial-latency.svg"))).contains("<svg", "<path");
    }

    @Test
    void saysWhereTandemIsNotAhead() {
        Runs runs = new Runs("five", "a", Objective.LATENCY);
        List<Run> all = new ArrayList<>(runs.rounds("tandem", 1, 1.01, 0.99));
        all.addAll(runs.rounds("better", 0.5, 0.5, 0.5));
        all.addAll(runs.rounds("alike", 1.01, 1, 1));
        all.addAll(runs.rounds("worse", 2, 2, 2));
        for (int round = 1; round <= 3; round++) {
            all.add(runs.run("copy", round, "tandem", all.get(round - 1).measured(), 1));
        }

        String text = new ComparisonText(Comparison.of(all)).notAhead();

        assertThat(text)
                .contains(
                        "Behind:\n\n* over all, latency: 0.50 (0.49 to 0.51) beside better\n* a on bed five, latency: ")
                .contains("Within noise:\n\n* over all, latency: 1.00 (0.98 to 1.03) beside alike")
                .contains("nothing to win:\n\n* over all, latency: copy\n")
                .doesNotContain("worse");
    }

    @Test
    void comparesWithTheIdealWhereThereIsOne() {
        Runs latency = new Runs("five", "a", Objective.LATENCY);
        Run slow = latency.run("tandem", 1, 0.002);
        Run run = new Run(
                slow.which(), "p", "l", slow.measured(), 1, 1, 1, Optional.empty(), Map.of(), Optional.of(0.0015));

        assertThat(new FigureText(List.of(run)).ideal())
                .contains("| five | a | tandem | latency | 2.00 | 1.50 | ms | 0.750 | 1 |");
        assertThat(new FigureText(List.of(slow)).ideal()).isEmpty();
    }

    @Test
    void pageOfALogThatIsNotCompleteSaysSo() throws IOException {
        List<Run> runs = new Runs("five", "a", Objective.LATENCY).rounds("hidp", 1);

        ReportFiles.write(folder, "none", "A trial", "command", List.of(), List.of());
        ReportFiles.write(folder, "one", "A trial", "command", runs, List.of());

        assertThat(folder.resolve("none.md")).hasContent("# A trial\n\n    command\n\nNothing has been measured yet.");
        assertThat(folder.resolve("one.md"))
                .content()
                .doesNotContain("beside the others")
                .contains("## Figures");
        assertThat(folder.resolve("one.svg")).doesNotExist();
    }

    @Test
    void saysWhichPlannersHaveNoPlan() {
        List<Run> runs = new Runs("five", "a", Objective.LATENCY).rounds("hidp", 1);
        Refusal refusal = new Refusal("five", "a", "modnn", Objective.LATENCY, "no room");

        String page = ReportFiles.page("A trial", "command", runs, List.of(refusal), Comparison.of(runs));

        assertThat(page).contains("without a plan:\n\n* a on five: modnn has no plan for latency: no room\n\n#");
    }

    @Test
    void refusesLineWithOtherColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table("a", "b").row("c"))
                .withMessage("cells (1) must be as many as columns (2)");
    }

    /** Tandem is a fifth better than the others, which are alike; noise of 2 %. */
    private static List<Run> experiment(List<String> models, int rounds) {
        Random random = new Random(SEED);
        List<Run> runs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (String model : models) {
                for (Objective aim : List.of(Objective.LATENCY, Objective.THROUGHPUT)) {
                    for (String planner : List.of("tandem", "hidp", "modnn", "disnet")) {
                        double better = planner.equals(Planners.TANDEM) ? 1.2 : 1;
                        double figure = aim == Objective.LATENCY ? 1 / better : better;
                        double measured = figure * Math.exp(0.02 * random.nextGaussian());
                        runs.add(new Runs("five", model, aim).run(planner, round, planner, measured, figure));
                    }
                }
            }
        }
        return runs;
    }
}
