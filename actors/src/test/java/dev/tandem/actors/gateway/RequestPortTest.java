package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestPortTest {

    private final ActorTestKit kit = TestSystems.start("request-port");

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void grantsNoLongerDeadlineThanItsLimit() {
        TestProbe<DataMessage> gateway = kit.createTestProbe();
        TestProbe<DataMessage> client = kit.createTestProbe();
        RequestPort.Limits limits = new RequestPort.Limits(1 << 20, 1 << 20, Duration.ofMinutes(1));
        RequestPort.Place place = new RequestPort.Place(gateway.ref(), "g", new TetherAddress("127.0.0.1", 1, 1));
        ActorRef<DataMessage> port = kit.spawn(RequestPort.create(limits, place));
        port.tell(new RequestPort.Serve(List.of("m")));

        port.tell(new RequestMessages.Ask(
                RequestId.random(), 0, "m", Duration.ofHours(1).toMillis(), List.of(), client.ref()));

        GatewayMessages.Infer infer = gateway.expectMessageClass(GatewayMessages.Infer.class);
        long granted = infer.deadlineEpochMillis() - System.currentTimeMillis();
        assertThat(Duration.ofMillis(granted)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
    }
}
