package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real probe; the other end of its link is played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkProbeTest {

    private static final int LOADS = 8;
    private static final Duration PER_BURST = Duration.ofMillis(40);
    private static final double BURST_BYTES_PER_SECOND = LOADS * LinkProbe.LOAD_BYTES / (PER_BURST.toMillis() / 1e3);

    private final ActorTestKit kit = TestSystems.start("probe");

    /** Lets a single load pass at once, as a link does that has rested, and takes its time for all others. */
    private static final class Rested extends AbstractBehavior<LinkProbe.Command> {

        private int loads;

        Rested(ActorContext<LinkProbe.Command> context) {
            super(context);
        }

        @Override
        public Receive<LinkProbe.Command> createReceive() {
            return newReceiveBuilder()
                    .onMessage(LinkProbe.Ping.class, this::onPing)
                    .build();
        }

        private Behavior<LinkProbe.Command> onPing(LinkProbe.Ping ping) {
            LinkProbe.Pong pong = new LinkProbe.Pong(ping.number(), false);
            boolean endsBurst = ping.load().length > 0 && loads++ > 0 && loads % LOADS == 1;
            if (endsBurst) {
                getContext().scheduleOnce(PER_BURST, ping.replyTo(), pong);
            } else {
                ping.replyTo().tell(pong);
            }
            return this;
        }
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesALinkToBeAsFastAsLongBurstsAre(boolean isBrief) {
        ActorRef<LinkProbe.Command> probe = kit.spawn(LinkProbe.create());
        ActorRef<LinkProbe.Command> other = kit.spawn(Behaviors.setup(Rested::new));
        TestProbe<LinkProbe.Measured> asker = kit.createTestProbe();

        probe.tell(new LinkProbe.Measure("a", "b", other, isBrief, Duration.ofSeconds(10), asker.ref()));

        LinkProbe.Reached reached = asker.expectMessageClass(LinkProbe.Reached.class, Duration.ofSeconds(10));
        assertThat(reached.link().bandwidthBytesPerSecond()).isPositive().isLessThan(1.2 * BURST_BYTES_PER_SECOND);
    }
}
