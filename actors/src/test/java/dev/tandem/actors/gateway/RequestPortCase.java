package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestSystems;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** A port between a client and a gateway that are both played by the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class RequestPortCase {

    static final Tensor INPUT = Tensor.ofFloats("input", List.of(1, 4), new float[] {1, 2, 3, 4});
    static final int FRAME_BYTES = 8;
    static final RequestPort.Limits LIMITS = limits(24);
    static final Duration SHORT = Duration.ofMillis(20);

    final ActorTestKit kit = TestSystems.start("request-port");
    TestProbe<DataMessage> client;
    TestProbe<DataMessage> gateway;
    ActorRef<DataMessage> port;

    @BeforeEach
    void spawn() {
        client = kit.createTestProbe("client");
        gateway = kit.createTestProbe("gateway");
        port = kit.spawn(RequestPort.create(LIMITS, place()));
        port.tell(new RequestPort.Serve("model", gateway.ref()));
    }

    static RequestPort.Limits limits(long inputBytes) {
        return new RequestPort.Limits(inputBytes, Duration.ofMinutes(1), new GatewayActor.Limits(2, 1, FRAME_BYTES));
    }

    RequestPort.Place place() {
        return new RequestPort.Place("here", new TetherAddress("127.0.0.1", 1, 1));
    }

    @AfterAll
    void stop() {
        kit.shutdownTestKit();
    }

    Infer submit(RequestId request, int attempt) {
        ask(request, attempt);
        frames(request, attempt).forEach(port::tell);
        client.expectMessage(new Accepted(request, attempt));
        return gateway.expectMessageClass(Infer.class);
    }

    void ask(RequestId request, int attempt) {
        port.tell(new Ask(request, attempt, "model", 5000, List.of(INPUT.spec()), client.ref()));
    }

    static List<TensorFrame> frames(RequestId request, int attempt) {
        return TensorTransfer.frames(request, attempt, List.of(INPUT), Long.MAX_VALUE, FRAME_BYTES);
    }

    void assertDeclined(int attempt, ErrorCode code, String reason) {
        Declined declined = client.expectMessageClass(Declined.class);
        assertThat(declined.attempt()).isEqualTo(attempt);
        assertThat(declined.code()).isEqualTo(code);
        assertThat(declined.reason()).contains(reason);
    }
}
