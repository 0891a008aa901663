package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

class KnownGatewaysTest {

    private final ActorRef<DataMessage> one =
            TestInbox.<DataMessage>create("one").getRef();
    private final ActorRef<DataMessage> two =
            TestInbox.<DataMessage>create("two").getRef();
    private long now;
    private final KnownGateways gateways = new KnownGateways(() -> now, 100);

    @Test
    void takeAGatewayForSilentOfWhichNothingHasCome() {
        meet(one);
        pass(4);
        assertThat(gateways.silent()).isEmpty();

        pass(1);

        assertThat(gateways.silent()).containsExactly(one);
    }

    @Test
    void takeAnythingThatComesForASignOfLife() {
        meet(one);
        pass(3);
        gateways.heard(one);

        pass(3);

        assertThat(gateways.silent()).isEmpty();
    }

    @Test
    void hopeForAGatewayThatWasJustFoundAndNotForOneThatStaysSilent() {
        gateways.list(Set.of(one));
        pass(3);
        assertThat(gateways.mayStillGreet()).isTrue();
        gateways.list(Set.of(one));

        pass(2);

        assertThat(gateways.mayStillGreet()).isFalse();
    }

    @Test
    void giveTimeForTheBytesThatAreOnTheirWay() {
        meet(one);
        gateways.sentTo(one, 10_000_000);
        pass(13);
        assertThat(gateways.silent()).isEmpty();
        assertThat(gateways.transferTime(one)).isEqualTo(Duration.ofSeconds(10));

        gateways.arrivedAt(one, 10_000_000);

        assertThat(gateways.silent()).containsExactly(one);
    }

    @Test
    void haveRoomForARequestAloneAndForMoreUpToTheBound() {
        meet(one);
        assertThat(gateways.hasRoom(one, 1000)).isTrue();

        gateways.sentTo(one, 60);

        assertThat(gateways.hasRoom(one, 40)).isTrue();
        assertThat(gateways.hasRoom(one, 41)).isFalse();
    }

    @Test
    void chooseOneWithRoomBeforeOneThatIsLessBusy() {
        gateways.list(Set.of(one, two));
        greet(one);
        greet(two);
        gateways.sentTo(one, 100);
        gateways.sentTo(two, 10);
        gateways.sentTo(two, 10);

        assertThat(gateways.choose("model", Set.of(), 10)).contains(two);
        assertThat(gateways.choose("model", Set.of(), 100)).contains(one);
    }

    private void meet(ActorRef<DataMessage> gateway) {
        gateways.list(Set.of(gateway));
        greet(gateway);
    }

    private void greet(ActorRef<DataMessage> gateway) {
        gateways.greeted(new Greeted(gateway, "node", new TetherAddress("127.0.0.1", 1, 1), List.of("model")));
    }

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }
}
