package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PagesTest {

    @Test
    void printsPagesBelowEachOtherWhereNobodyWatches() {
        CapturedTerminal captured = CapturedTerminal.unwatched();
        Pages pages = new Pages(captured.terminal());

        pages.show(List.of("a", "b"));
        pages.show(List.of("c"));

        assertThat(captured.out()).isEqualTo("a\nb\n\nc\n");
    }

    @Test
    void drawsOverThePageBeforeOnAScreen() {
        CapturedTerminal captured = new CapturedTerminal(true);
        Pages pages = new Pages(captured.terminal());

        pages.show(List.of("a", "b"));
        pages.show(List.of("c"));

        assertThat(captured.out()).isEqualTo("\033[2J\033[Ha\033[K\nb\033[K\n\033[J\033[Hc\033[K\n\033[J");
    }
}
