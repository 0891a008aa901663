package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void alignsTextLeftAndNumbersRight() {
        TextTable table = TextTable.of("node", ">ms").row("node-1", "1.5").row("n", "120");

        assertThat(table.lines()).containsExactly("node     ms", "-----------", "node-1  1.5", "n       120");
    }

    @Test
    void leavesOutColumnsWithoutAnything() {
        TextTable table = TextTable.of("node", ">mJ", ">ms").row("n", "", "1.5").row("m", "", "");

        assertThat(table.withoutEmptyColumns().lines()).containsExactly("node   ms", "---------", "n     1.5", "m");
    }

    @Test
    void wrapsTheLastColumn() {
        TextTable table = TextTable.of("node", "why")
                .row("n", "the model needs more memory than there is")
                .row("m", "");

        assertThat(table.lines(30))
                .containsExactly(
                        "node  why", "---------", "n     the model needs more", "      memory than there is", "m");
        assertThat(TextTable.wrap("a\nb  c", 3)).containsExactly("a b", "c");
    }

    @Test
    void refusesRowsOfAnotherLength() {
        assertThatThrownBy(() -> TextTable.of("a", "b").row("1")).hasMessageContaining("must have 2");
    }
}
