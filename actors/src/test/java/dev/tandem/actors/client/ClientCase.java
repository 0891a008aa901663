package dev.tandem.actors.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.gateway.RequestMessages;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.protocol.TetherAddress;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client whose gateways are played by the test. */
@SuppressWarnings("NullAway.Init")
abstract class ClientCase {

    static final Tensor INPUT = Tensor.ofFloats("input", List.of(1, 4), new float[] {1, 2, 3, 4});
    static final int FRAME_BYTES = 8;
    static final long BYTES_UNDER_WAY = 2 * INPUT.spec().bytes();
    static final InferOptions OPTIONS = InferOptions.defaults();

    static final TetherAddress TETHER = new TetherAddress("127.0.0.1", 1, 1);

    final AtomicLong nanoTime = new AtomicLong();
    ActorTestKit kit;
    ActorRef<DataMessage> client;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create("client", ConfigFactory.parseString("pekko.actor.provider = local"));
        client = kit.spawn(ClientActor.create(setup(ClientActor.PATIENCE)));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    ClientActor.Setup setup(Duration patience) {
        return new ClientActor.Setup((node, at) -> {}, FRAME_BYTES, patience, BYTES_UNDER_WAY, nanoTime::get);
    }

    void passSeconds(int seconds) {
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** One that the client has found and heard of. */
    TestProbe<DataMessage> gateway(String node) {
        return gateway(node, "model");
    }

    TestProbe<DataMessage> gateway(String node, String model) {
        TestProbe<DataMessage> probe = listed(node);
        greet(probe, node, model);
        return probe;
    }

    /** One that the client has found. */
    TestProbe<DataMessage> listed(String node) {
        TestProbe<DataMessage> probe = kit.createTestProbe(node);
        kit.system().receptionist().tell(Receptionist.register(RequestMessages.KEY, probe.ref()));
        next(probe, Greeting.class);
        return probe;
    }

    void greet(TestProbe<DataMessage> gateway, String node, String model) {
        client.tell(new Greeted(gateway.ref(), node, TETHER, List.of(model)));
    }

    Submission submit(InferOptions options) {
        return submit("model", options);
    }

    Submission submit(String model, InferOptions options) {
        Submission submission = new Submission(model, List.of(INPUT), options, ForkJoinPool.commonPool());
        client.tell(new ClientActor.Submit(submission));
        return submission;
    }

    static Ask ask(TestProbe<DataMessage> gateway) {
        return next(gateway, Ask.class);
    }

    static <T extends DataMessage> T next(TestProbe<DataMessage> gateway, Class<T> type) {
        return type.cast(gateway.fishForMessage(
                        Duration.ofSeconds(5),
                        message -> type.isInstance(message)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .get(0));
    }

    void answer(Ask ask, long epoch) {
        client.tell(new Answered(ask.request(), ask.attempt(), epoch, List.of(INPUT.spec())));
        frames(ask).forEach(client::tell);
    }

    static List<TensorFrame> frames(Ask ask) {
        return TensorTransfer.frames(ask.request(), ask.attempt(), List.of(INPUT), Long.MAX_VALUE, FRAME_BYTES);
    }

    static void assertFailed(Submission submission, ErrorCode code, String reason) {
        assertThatThrownBy(() -> submission.result().get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(InferenceFailedException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(code);
                    assertThat(failure).hasMessageContaining(reason);
                });
    }
}
