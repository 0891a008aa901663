package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.ProtocolCheck;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.gateway.RequestMessages.Accepted;
import dev.tandem.actors.gateway.RequestMessages.Answered;
import dev.tandem.actors.gateway.RequestMessages.Ask;
import dev.tandem.actors.gateway.RequestMessages.Declined;
import dev.tandem.actors.gateway.RequestMessages.Greeted;
import dev.tandem.actors.gateway.RequestMessages.Greeting;
import dev.tandem.actors.gateway.RequestMessages.Received;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.InferenceReply;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.actors.transport.TensorTransfer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/** Models that are served, and requests on their way to a gateway and back. */
class RequestPortTest extends RequestPortCase {

    @Test
    void handlesEveryMessage() {
        Stream<Class<?>> messages = Stream.concat(
                Stream.of(TensorFrame.class, Ask.class, Received.class, Greeting.class),
                ProtocolCheck.ownMessages(RequestPort.class, DataMessage.class));

        assertThat(ProtocolCheck.unhandled(() -> RequestPort.create(LIMITS, place()), messages))
                .isEmpty();
    }

    @Test
    void saysWhatIsServed() {
        port.tell(new Greeting(client.ref()));

        assertThat(client.expectMessageClass(Greeted.class).models()).containsExactly("model");
    }

    @Test
    void passesEachRequestToTheGatewayOfItsModel() {
        TestProbe<DataMessage> another = kit.createTestProbe("another");
        port.tell(new RequestPort.Serve("another", another.ref()));

        port.tell(new Ask(RequestId.random(), 0, "another", 1000, List.of(), client.ref()));

        another.expectMessageClass(Infer.class);
        gateway.expectNoMessage(SHORT);
        port.tell(new Greeting(client.ref()));
        client.expectMessageClass(Accepted.class);
        assertThat(client.expectMessageClass(Greeted.class).models()).containsExactly("another", "model");
        port.tell(new Ask(RequestId.random(), 0, "", 1000, List.of(), client.ref()));
        assertDeclined(0, ErrorCode.NOT_SERVING, "model '' is not served here; served: [another, model]");
    }

    @Test
    void confirmsThatAModelIsWithdrawnWhenTheLastOfItsRequestsIsAnswered() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        ask(RequestId.random(), 0);
        assertDeclined(0, ErrorCode.NOT_SERVING, "model 'model' is not served here; served: []");
        owner.expectNoMessage(SHORT);
        infer.replyTo().tell(new InferenceReply.Completed(request, 7, List.of()));
        client.expectMessageClass(Answered.class);
        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
    }

    @Test
    void confirmsAtOnceThatAModelIsWithdrawnOfWhichNothingIsUnderWay() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");

        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
    }

    @Test
    void declinesWhatAGatewayHadThatHasEnded() {
        TestProbe<RequestPort.Withdrawn> owner = kit.createTestProbe("owner");
        RequestId whole = RequestId.random();
        submit(whole, 0);
        port.tell(new RequestPort.Withdraw(gateway.ref(), owner.ref()));

        gateway.stop();

        assertDeclined(0, ErrorCode.PIPELINE_LOST, "not served here any more");
        owner.expectMessage(new RequestPort.Withdrawn(gateway.ref()));
        gateway = kit.createTestProbe("gateway");
        port.tell(new RequestPort.Serve("model", gateway.ref()));
        submit(RequestId.random(), 0);
    }

    @Test
    void passesOnARequestThatIsWholeAndItsAnswer() {
        RequestId request = RequestId.random();
        ask(request, 0);
        List<TensorFrame> frames = frames(request, 0);
        port.tell(frames.get(0));
        client.expectNoMessage(SHORT);

        port.tell(frames.get(1));

        client.expectMessage(new Accepted(request, 0));
        Infer infer = gateway.expectMessageClass(Infer.class);
        assertThat(infer.inputs().get(0).floats()).containsExactly(1, 2, 3, 4);
        infer.replyTo().tell(new InferenceReply.Completed(request, 7, List.of(INPUT)));
        client.expectMessage(new Answered(request, 0, 7, List.of(INPUT.spec())));
        TensorTransfer outputs = new TensorTransfer(0, List.of(INPUT.spec()));
        frames.forEach(frame -> assertThat(outputs.accept(client.expectMessageClass(TensorFrame.class)))
                .isEmpty());
        assertThat(outputs.tensors().get(0).floats()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void declinesForTheGateway() {
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        infer.replyTo().tell(new InferenceReply.Failed(request, ErrorCode.OVERLOADED, "queue is full"));

        client.expectMessage(new Declined(request, 0, ErrorCode.OVERLOADED, "queue is full"));
    }

    @Test
    void declinesAModelThatIsNotServed() {
        port.tell(new Ask(RequestId.random(), 0, "another", 1000, List.of(INPUT.spec()), client.ref()));

        assertDeclined(0, ErrorCode.NOT_SERVING, "'another'");
    }

    @Test
    void declinesWhenAFrameWasLost() {
        RequestId request = RequestId.random();
        ask(request, 0);

        port.tell(frames(request, 0).get(1));

        assertDeclined(0, ErrorCode.PIPELINE_LOST, "an input came incomplete");
    }

    @Test
    void givesTheOneAnswerOfTheGatewayToTheNewestAttempt() {
        RequestId request = RequestId.random();
        Infer infer = submit(request, 0);

        ask(request, 1);
        frames(request, 1).forEach(port::tell);

        client.expectMessage(new Accepted(request, 1));
        gateway.expectNoMessage(SHORT);
        infer.replyTo().tell(new InferenceReply.Failed(request, ErrorCode.COMPUTE_FAILED, "no"));
        client.expectMessage(new Declined(request, 1, ErrorCode.COMPUTE_FAILED, "no"));
    }

    @Test
    void ignoresFramesOfAnAttemptThatWasReplaced() {
        RequestId request = RequestId.random();
        ask(request, 0);
        List<TensorFrame> stale = frames(request, 0);
        port.tell(stale.get(0));

        ask(request, 1);
        port.tell(stale.get(1));
        frames(request, 1).forEach(port::tell);

        client.expectMessage(new Accepted(request, 1));
        gateway.expectMessageClass(Infer.class);
    }
}
