package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ActorEndTest {

    private final ActorTestKit kit = TestSystems.start("end");
    private final TestProbe<Object> probe = kit.createTestProbe();

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void noticesAnActorThatFails() {
        ActorRef<String> fails = kit.spawn(
                Behaviors.receiveMessage(message -> {
                    throw new IllegalStateException(message);
                }),
                "fails");
        ActorEnd end = ActorEnd.of(fails, kit.system());
        assertThat(end.hasCome()).isFalse();

        fails.tell("an end that the test wants");

        assertComes(end);
    }

    @Test
    void noticesAnActorThatHasEndedBefore() {
        ActorRef<String> ended = kit.spawn(Behaviors.stopped(), "ended");
        probe.expectTerminated(ended);

        assertComes(ActorEnd.of(ended, kit.system()));
    }

    private void assertComes(ActorEnd end) {
        probe.awaitAssert(() -> {
            assertThat(end.hasCome()).isTrue();
            return end;
        });
    }
}
