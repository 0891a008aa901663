package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.core.planner.Halo;
import dev.tandem.core.planner.Scheme;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivisionTest {

    @Test
    void makesAMatrixOfWhatDiffers() {
        List<Division> divisions = Division.all(
                List.of(Scheme.SINGLE, Scheme.PIPELINE, Scheme.ROWS, Scheme.LANES, Scheme.AUTO),
                List.of(2, 3),
                List.of(2, 4));

        assertThat(divisions)
                .containsExactly(
                        new Division(Scheme.SINGLE, 1, 1),
                        new Division(Scheme.PIPELINE, 2, 1),
                        new Division(Scheme.PIPELINE, 3, 1),
                        new Division(Scheme.ROWS, 3, 2),
                        new Division(Scheme.ROWS, 3, 4),
                        new Division(Scheme.LANES, 2, 1),
                        new Division(Scheme.LANES, 3, 1),
                        new Division(Scheme.AUTO, 2, 4),
                        new Division(Scheme.AUTO, 3, 4));
        assertThat(Division.mostNodes(divisions)).isEqualTo(3);
    }

    @Test
    void takesTheOneCountForTheOtherWhereItIsMissing() {
        assertThat(Division.all(List.of(Scheme.ROWS), List.of(), List.of(4)))
                .containsExactly(new Division(Scheme.ROWS, 4, 4));
        assertThat(Division.all(List.of(Scheme.ROWS), List.of(3), List.of()))
                .containsExactly(new Division(Scheme.ROWS, 3, 3));
        assertThat(Division.all(List.of(Scheme.PIPELINE), List.of(), List.of()))
                .containsExactly(new Division(Scheme.PIPELINE, 2, 1));
    }

    @Test
    void triesEachWayWithHalosWhereThereAreHalos() {
        List<Scheme> schemes = List.of(Scheme.GRID, Scheme.CHANNELS);
        List<Halo> both = List.of(Halo.RECOMPUTE, Halo.EXCHANGE, Halo.EXCHANGE);

        assertThat(Division.all(schemes, List.of(), List.of(4), both))
                .extracting(Division::name)
                .containsExactly("grid-recompute", "grid-exchange", "channels");
        assertThat(Division.all(schemes, List.of(), List.of(4), List.of()))
                .extracting(Division::name)
                .containsExactly("grid", "channels");
        assertThat(Division.all(List.of(Scheme.ROWS, Scheme.GRID), List.of(), List.of(4), List.of(Halo.OVERLAP)))
                .extracting(Division::name)
                .containsExactly("rows-overlap", "grid");
    }

    @Test
    void refusesHalosWhereNoSchemeHasThem() {
        assertThatThrownBy(() -> Division.all(
                        List.of(Scheme.AUTO, Scheme.PIPELINE), List.of(), List.of(), List.of(Halo.EXCHANGE)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(
                        "--halo exchange is for the schemes rows and grid, and none of those is among [auto, pipeline]");
        assertThatThrownBy(() ->
                        Division.all(List.of(Scheme.GRID), List.of(), List.of(), List.of(Halo.EXCHANGE, Halo.OVERLAP)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--halo overlap is for scheme rows, and none of those is among [grid]");
    }

    @Test
    void refusesCountsBelowOne() {
        assertThatThrownBy(() -> Division.all(List.of(Scheme.ROWS), List.of(0), List.of()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--nodes (0)");
    }
}
