package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.SupervisorMessages;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderKeeperTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ActorTestKit kit = TestSystems.start("order");

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void sendsAnOrderAgainUntilItIsAnswered() throws Exception {
        TestProbe<SupervisorMessages.Command> supervisor = kit.createTestProbe();
        CompletableFuture<DeployReply> answer = new CompletableFuture<>();
        kit.spawn(OrderKeeper.create(
                supervisor.ref(), OrderKeeperTest::order, Duration.ofMillis(50), LONG, LONG, answer));

        Deploy lost = supervisor.expectMessageClass(Deploy.class);
        Deploy again = supervisor.expectMessageClass(Deploy.class);
        again.replyTo().tell(new DeployReply.PlanRefused("no room"));

        assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(new DeployReply.PlanRefused("no room"));
        assertThat(again.id()).isEqualTo(lost.id());
        assertThat(again.timeLeftMillis()).isLessThan(lost.timeLeftMillis());
    }

    @Test
    void saysThatNobodyAnswered() {
        TestProbe<SupervisorMessages.Command> supervisor = kit.createTestProbe();
        CompletableFuture<DeployReply> answer = new CompletableFuture<>();

        kit.spawn(OrderKeeper.create(
                supervisor.ref(), OrderKeeperTest::order, LONG, LONG, Duration.ofMillis(50), answer));

        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
    }

    @SuppressWarnings("NullAway") // nobody reads what the order is about
    private static Deploy order(long timeLeftMillis, ActorRef<DeployReply> replyTo) {
        return new Deploy("one", null, null, null, timeLeftMillis, replyTo);
    }
}
