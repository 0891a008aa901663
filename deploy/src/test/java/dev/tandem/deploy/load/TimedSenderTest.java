package dev.tandem.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.deploy.load.OpenLoop.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sender that is always behind its schedule: all of it is in the past, and there is no end to it. */
@Timeout(20)
class TimedSenderTest {

    private static final int ENOUGH = 1000;

    private final TimedSender sender = new TimedSender(failure -> Failure.FATAL, Duration.ofSeconds(5));

    @Test
    void tellsOfAnswersWhileItIsBehind() throws Exception {
        Told told = new Told();

        sender.run(late(), number -> CompletableFuture.completedFuture(number), told);

        assertThat(told.numbers).hasSize(ENOUGH);
        assertThat(told.ticks).isPositive();
    }

    @Test
    void endsByAFatalFailureWhileItIsBehind() {
        Told told = new Told();

        assertThatThrownBy(() -> sender.run(
                        late(),
                        number -> CompletableFuture.failedFuture(new IllegalStateException("broken at " + number)),
                        told))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("broken at 0");
    }

    private static PrimitiveIterator.OfLong late() {
        return LongStream.generate(() -> 0).iterator();
    }

    private static final class Told implements TimedSender.Watch {

        private final List<Integer> numbers = new ArrayList<>();
        private int ticks;

        @Override
        public void onQuery(Query query) {
            numbers.add(query.number());
        }

        @Override
        public void onTick() {
            ticks++;
        }

        @Override
        public boolean isOver() {
            return numbers.size() == ENOUGH;
        }
    }
}
