package dev.tandem.deploy.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GanttTest {

    @Test
    void givesBarsThatOverlapAPartOfTheRowEach() throws IOException {
        Canvas canvas = new Canvas();
        Gantt gantt = new Gantt(
                "title",
                List.of("link"),
                List.of(bar("link", 0, 2), bar("link", 1, 3), bar("link", 3, 4), bar("link", 9, 10)),
                0,
                4);

        gantt.draw(canvas, 0, 0, Gantt.LABELS + 400);

        assertThat(canvas.svg("t", 0).split("height=\"7\"", -1)).hasSize(4);
    }

    @Test
    void saysHowManyRowsItLeavesOut() throws IOException {
        List<Bar> bars =
                IntStream.range(0, 70).mapToObj(row -> bar("r" + row, 0, 1)).toList();
        Canvas canvas = new Canvas();

        new Gantt("title", bars.stream().map(Bar::row).toList(), bars, 0, 1).draw(canvas, 0, 0, 500);

        assertThat(canvas.svg("t", 0))
                .contains("6 more rows are not shown", ">r63<")
                .doesNotContain(">r64<");
    }

    @Test
    void shortensTextsThatHaveNoRoom() {
        assertThat(Canvas.fit("odroid-xu4", Canvas.SMALL, 100)).isEqualTo("odroid-xu4");
        assertThat(Canvas.fit("odroid-xu4", Canvas.SMALL, 40)).isEqualTo("odroi\u2026");
        assertThat(Canvas.fit("odroid-xu4", Canvas.SMALL, 5)).isEmpty();
    }

    private static Bar bar(String row, double begin, double end) {
        return new Bar(row, begin, end, Ink.stage(0), "0");
    }
}
