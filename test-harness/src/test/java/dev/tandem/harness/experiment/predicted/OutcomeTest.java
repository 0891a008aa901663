package dev.tandem.harness.experiment.predicted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.cost.LayerTimes;
import dev.tandem.core.cost.Profile;
import dev.tandem.core.cost.SegmentCosts;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.deploy.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeTest {

    @Test
    void errorIsHowFarTheMedianRatioIsFromOne() {
        Outcome outcome = new Outcome(
                "command", List.of(round("a", 1, 0.9), round("a", 2, 1.05), round("a", 3, 1.5), round("b", 1, 0.5)));

        assertThat(outcome.plans()).hasSize(2);
        assertThat(outcome.plans().get(0).error(Round::latencyRatio)).isCloseTo(0.05, within(1e-9));
        assertThat(outcome.errors(Round::latencyRatio).median()).isCloseTo(0.275, within(1e-9));
        assertThat(outcome.within(Round::latencyRatio)).isEqualTo(1);
    }

    @Test
    void roundIsReadAsItWasWritten() {
        Round round = round("a", 2, 1.25);

        assertThat(RoundLine.read(RoundLine.write(round))).isEqualTo(round);
    }

    @Test
    void refusesLineThatIsCutOff() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RoundLine.read("a,rows,1,0.5"))
                .withMessageContaining("has 4 fields, expected 15");
    }

    @Test
    void refusesFigureThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Figures(0, 1))
                .withMessage("latency (0.0 s) and rate (1.0 per second) must be above 0");
    }

    @Test
    void keepsOtherModelsThatWereMeasuredBefore(@TempDir Path folder) throws IOException {
        ReportFiles.write(folder, new Outcome("tandem x", List.of(round("a", 1, 1), round("b", 1, 1))));

        Outcome outcome = ReportFiles.read(folder, "tandem x").with(List.of(round("a", 1, 2)));
        ReportFiles.write(folder, outcome);

        assertThat(outcome.rounds()).containsExactly(round("b", 1, 1), round("a", 1, 2));
        assertThat(Files.readAllLines(folder.resolve("rounds.csv"))).hasSize(3);
        assertThat(folder.resolve("predicted.md"))
                .content()
                .contains(
                        "    tandem x --model b --model a\n",
                        "| b | rows | 1000 | 1000 | 1000 | 1.000 (1.000 to 1.000) |");
        assertThat(folder.resolve("latency.svg")).content().contains("<svg");
        assertThat(folder.resolve("throughput.svg")).content().contains("<svg");
    }

    @Test
    void refusesToMixRoundsOfOtherSettings(@TempDir Path folder) throws IOException {
        ReportFiles.write(folder, new Outcome("tandem x --rounds 3", List.of(round("a", 1, 1))));

        assertThatThrownBy(() -> ReportFiles.read(folder, "tandem x --rounds 30"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("were made by 'tandem x --rounds 3 --model a', and would be mixed with");
    }

    @Test
    void computingIsTheSlowestShardOfEachStageAndTheBusiestCoreGroup() {
        Plan plan = new Plan(
                "m", "d", "rows", List.of(new Lane(1, "m", List.of(stage("x", "y"), stage("x")), List.of())), score());

        Compute compute = Compute.of(
                plan,
                shard -> shard.shard().stage() == 1 ? 5.0 : 1.0 + shard.shard().shard());

        assertThat(compute).isEqualTo(new Compute(7, 6));
    }

    @Test
    void profileIsScaledToTheUnsplitModel() {
        Profile profile =
                new Profile(new LayerTimes("d", List.of(2.0, 5.0)), List.of(0, 1), new SegmentCosts(1, 2, 3, 4));

        Profile scaled = Forecast.scaled(profile, 4);

        assertThat(scaled.wholeSeconds()).isEqualTo(4);
        assertThat(scaled.times().seconds()).containsExactly(1.0, 2.5);
        assertThat(scaled.costs()).isEqualTo(new SegmentCosts(0.5, 1, 1.5, 2));
    }

    private static Round round(String model, int number, double measuredSeconds) {
        return new Round(
                model,
                "rows",
                number,
                new Figures(2, 0.5),
                new Figures(1, 1),
                new Figures(1, 1),
                new Figures(measuredSeconds, 1),
                new Round.Pair(0.5, 0.75),
                new Round.Pair(0.25, 0.5));
    }

    private static Stage stage(String... nodes) {
        return new Stage(
                new Segment(0, 1),
                Stream.of(nodes)
                        .map(node -> new Shard(new CoreGroupId(node, "cpu"), Map.of(), Map.of()))
                        .toList());
    }

    private static PlanScore score() {
        return new PlanScore(1, 1, List.of(), "");
    }
}
