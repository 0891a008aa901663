package dev.tandem.core.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventQueueTest {

    private record Expected(double seconds, long order, long event) {}

    @Test
    void givesEventsByTimeAndThenInTheOrderOfTheirAdding() {
        Random random = new Random(5);
        EventQueue queue = new EventQueue();
        PriorityQueue<Expected> expected = new PriorityQueue<>(
                Comparator.comparingDouble(Expected::seconds).thenComparingLong(Expected::order));
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(5) < 3) {
                double seconds = random.nextInt(50);
                expected.add(new Expected(seconds, queue.added(), step));
                queue.add(seconds, step);
            } else if (!expected.isEmpty()) {
                Expected next = expected.remove();
                assertThat(queue.nextSeconds()).isEqualTo(next.seconds());
                assertThat(queue.poll()).isEqualTo(next.event());
            }
        }
        while (!expected.isEmpty()) {
            assertThat(queue.poll()).isEqualTo(expected.remove().event());
        }
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void packsEventsWithoutLosingAnything() {
        for (Event.Kind kind : Event.Kind.values()) {
            long event = Event.of(kind, Event.SUBJECTS - 1, Integer.MAX_VALUE);

            assertThat(Event.kind(event)).isEqualTo(kind);
            assertThat(Event.subject(event)).isEqualTo(Event.SUBJECTS - 1);
            assertThat(Event.sequence(event)).isEqualTo(Integer.MAX_VALUE);
        }
    }
}
